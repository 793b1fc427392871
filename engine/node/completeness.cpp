#include "engine/node/completeness.h"

#include "engine/core/assert.h"
#include "engine/node/node_state.h"

namespace dkv {
namespace {

// With one replica no other can fill it, and without anti-entropy none would.
bool can_be_filled(const TurnEnv& turn) {
  return turn.config.placement->replicas() > 1 && turn.config.anti_entropy_every_ns > 0;
}

void open_all(Completeness& own, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    for (const NodeId node : placement.primaries(partition)) {
      if (node != turn.config.id) own.open.emplace(node, partition);
    }
  }
}

}  // namespace

void begin_completeness(bool recorded, bool damaged, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  DKV_ASSERT(own.open.empty() && own.knows());  // a life begins once
  own.began_ns = turn.now_ns;
  own.new_disk = !damaged && state.replica.store().key_count() == 0;
  if (!can_be_filled(turn)) return;
  own.incomplete = recorded || damaged;
  own.undecided = own.new_disk && !own.incomplete;
  if (!own.incomplete) return;
  open_all(own, turn);
  turn.observe(Observed::kReplicaIncomplete, kNoNode, {}, own.open.size());
}

void states_lost(NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  if (!can_be_filled(turn)) return;
  own.undecided = false;
  open_all(own, turn);
  if (own.incomplete || own.open.empty()) return;
  own.incomplete = true;
  turn.observe(Observed::kReplicaIncomplete, kNoNode, {}, own.open.size());
  state.replica.record_incomplete(true, turn);
}

void heard_of_disk(NodeId from, const Heartbeat& beat, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  DKV_ASSERT(state.peers.is_member(from) && beat.to_incarnation == turn.incarnation);
  if (!own.undecided) return;
  if (!beat.new_to_you) return states_lost(state, turn);
  own.new_to.insert(from);
  if (own.new_to.size() + 1 == turn.config.placement->members().size()) own.undecided = false;
}

void completeness_tick(NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  if (!own.undecided || own.new_to.empty()) return;
  if (turn.now_ns - own.began_ns >= turn.config.unreachable_after_ns) own.undecided = false;
}

void compared(NodeId peer, PartitionId partition, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  if (!own.incomplete || own.open.erase({peer, partition}) == 0 || !own.open.empty()) return;
  own.incomplete = false;
  turn.observe(Observed::kReplicaComplete);
  state.replica.record_incomplete(false, turn);
}

}  // namespace dkv
