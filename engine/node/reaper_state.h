#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "engine/protocol/messages.h"

namespace dkv {

// The tombstones that this node, their keys' first primary, will have forgotten once that is proved. All primaries must
// hold the same one durably, and then kErasToForget eras must pass (see eras.h): nothing older is on its way by then,
// in a message, an operation or a hint. A replica that forgot it earlier could be handed back what it had replaced. All
// members of the cluster must be there for it.
struct Reaper {
  struct Candidate {
    std::uint64_t digest = 0;
    boost::container::small_vector<Incarnation, 3>
        lives;         // of the other primaries that hold it, in their order; 0: not yet
    AppendId own = 0;  // this node's own copy is durable with this append
    bool agreed = false;
    std::uint8_t asks = 0;
    Era agreed_era = 0;
  };
  // In progress at once; more wait.
  static constexpr std::size_t kCandidatesMax = 32768;
  static constexpr std::size_t kReapedAtOnceMax = 4096;
  static constexpr std::size_t kAnswersMax = 256;
  // After this many unanswered requests the sweep takes over the key, so that other candidates get their turn.
  static constexpr std::uint8_t kAsksMax = 100;
  // Looked at in one turn, for tombstones that are not known yet: those of before the start.
  static constexpr std::size_t kSweptMax = 4096;

  std::map<Key, Candidate> candidates;
  // Where the sweep goes on: a place in partitions_of(self), and a leaf of that partition.
  std::size_t partition = 0;
  std::uint32_t leaf = 0;
  TimeNs next_ns = 0;
  // Answers that wait for the disk, by the number that their DurableWaiter carries as `op`.
  std::map<OpId, TombstonesHeld> answers;
  OpId last_answer = kNoOp;
};

}  // namespace dkv
