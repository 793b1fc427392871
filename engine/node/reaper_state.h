#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "engine/protocol/messages.h"

namespace dkv {

// The keys about which this node, as their first primary, has a proof under way. All primaries must hold the same state
// T of the key durably, or a successor of T, and then kErasToForget eras must pass (see eras.h). By then no message,
// operation or hint holds an older state, so nothing carries a version that T had replaced. If T is a tombstone, it is
// forgotten. If the key's clock is long, the entries of actors that mint no more are dropped from it. A replica that
// did either earlier could get back a version that T had replaced. Eras pass only while all members of the cluster can
// be reached.
struct Reaper {
  // Another primary of the key, as it has answered. A new life, or damage, makes the answer worthless.
  struct Holder {
    Incarnation life = 0;  // 0: no answer yet
    std::uint64_t damages = 0;
    Actor actor;
    bool holds_since(Incarnation present_life, std::uint64_t present_damages) const noexcept {
      return life != 0 && life == present_life && damages == present_damages;
    }
  };
  struct Candidate {
    std::uint64_t digest = 0;  // of T
    // Of T, for a key with a long clock; empty: T is a tombstone, and only exactly this state will do.
    VersionVector seen;
    VersionVector carried;
    boost::container::small_vector<Holder, 2> holders;  // the other primaries, in their order
    AppendId own = 0;                                   // this node's own copy is durable with this append
    bool agreed = false;
    std::uint8_t asks = 0;
    Era agreed_era = 0;

    std::size_t dots() const noexcept { return seen.size() + carried.size(); }
  };
  // The limit of candidates at once. Further ones wait. Long clocks get only a part of the room, so that tombstones
  // have the rest.
  static constexpr std::size_t kCandidatesMax = 32768;
  static constexpr std::size_t kLongClocksMax = 8192;
  static constexpr std::size_t kDotsMax = 262'144;  // in the candidates with long clocks; one fits in any case
  static constexpr std::size_t kReapedAtOnceMax = 4096;
  static constexpr std::size_t kAnswersMax = 256;
  // After this many unanswered requests the sweep takes over the key, so that other candidates get their turn.
  static constexpr std::uint8_t kAsksMax = 100;
  // The limit of keys in one turn of the sweep. It finds what no write has noted, such as tombstones from before the
  // start.
  static constexpr std::size_t kSweptMax = 4096;

  std::map<Key, Candidate> candidates;
  std::size_t long_clocks = 0;  // candidates whose clock is noted
  std::size_t dots = 0;         // in them
  bool asks_soon = false;       // a peer begins a new life, so answers are worthless
  // Where the sweep continues: a place in partitions_of(self), and a leaf of that partition.
  std::size_t partition = 0;
  std::uint32_t leaf = 0;
  TimeNs next_ns = 0;
  // Answers that wait for the disk, by the number that their DurableWaiter carries as `op`.
  std::map<OpId, ReapHeld> answers;
  OpId last_answer = kNoOp;
};

}  // namespace dkv
