#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "engine/protocol/messages.h"

namespace dkv {

// The tombstones that this node may reap, as the first primary of their keys. All primaries must hold the same
// tombstone durably, and then kErasToForget eras must pass (see eras.h). By then no message, operation or hint holds an
// older state. A replica that forgot the tombstone earlier could get back a version that the tombstone had replaced.
// Eras pass only while all members of the cluster can be reached.
struct Reaper {
  struct Candidate {
    std::uint64_t digest = 0;
    boost::container::small_vector<Incarnation, 3>
        lives;         // in which the other primaries hold it, in their order; 0: not yet
    AppendId own = 0;  // this node's own copy is durable with this append
    bool agreed = false;
    std::uint8_t asks = 0;
    Era agreed_era = 0;
  };
  // The limit of candidates at once. Further tombstones wait.
  static constexpr std::size_t kCandidatesMax = 32768;
  static constexpr std::size_t kReapedAtOnceMax = 4096;
  static constexpr std::size_t kAnswersMax = 256;
  // After this many unanswered requests the sweep takes over the key, so that other candidates get their turn.
  static constexpr std::uint8_t kAsksMax = 100;
  // The limit of keys in one turn of the sweep. It finds unknown tombstones, such as those from before the start.
  static constexpr std::size_t kSweptMax = 4096;

  std::map<Key, Candidate> candidates;
  // Where the sweep continues: a place in partitions_of(self), and a leaf of that partition.
  std::size_t partition = 0;
  std::uint32_t leaf = 0;
  TimeNs next_ns = 0;
  // Answers that wait for the disk, by the number that their DurableWaiter carries as `op`.
  std::map<OpId, TombstonesHeld> answers;
  OpId last_answer = kNoOp;
};

}  // namespace dkv
