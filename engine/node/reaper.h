#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

struct NodeState;

// Tombstones that this node, their keys' first primary, is about to have forgotten, by proof and never by the clock:
// all primaries hold the same one durably, and then so many eras have passed (see eras.h) that nothing older can be on
// its way, in a message, an operation or a hint, anywhere. Until then a replica that forgot it could be handed back
// what it had replaced. All members of the cluster must be there for it.
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
  // So often in vain, and it is left to the sweep: others have their turn.
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

// Whether a candidate waits for eras to pass.
bool reaper_waits(const Reaper& reaper) noexcept;
// An era was heard of that is not the next one: proofs are counted from there.
void eras_jumped(NodeState& state) noexcept;
// With each heartbeat, after the eras have been brought up to date: reaps what may go, asks for what may come next.
void reap_tick(Incarnation self, NodeState& state, const TurnEnv& turn);
void tombstones_asked(const TombstonesAsk& ask, NodeId from, Incarnation self, NodeState& state, const TurnEnv& turn);
// The answer number `id` is true on the disk, too.
void tombstones_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn);
void tombstones_held(const TombstonesHeld& held, NodeId from, Incarnation self, NodeState& state, const TurnEnv& turn);
void tombstones_reap(const TombstonesReap& reap, NodeId from, Incarnation self, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
