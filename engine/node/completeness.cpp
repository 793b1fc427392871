#include "engine/node/completeness.h"

#include "engine/core/assert.h"
#include "engine/node/node_state.h"

namespace dkv {
namespace {

// With one replica no other can fill it, and without anti-entropy none would.
bool can_be_filled(const TurnEnv& turn) {
  return turn.config.placement->replicas() > 1 && turn.config.anti_entropy_every_ns > 0;
}

// All partitions must be compared. A node without partitions has nothing to say of any key.
void start_over(Completeness& own, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    for (const NodeId node : placement.primaries(partition)) {
      if (node != turn.config.id) own.open.emplace(node, partition);
    }
  }
  own.incomplete = !own.open.empty();
}

}  // namespace

void begin_completeness(bool recorded, bool damaged, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  DKV_ASSERT(!own.began && !own.undecided);  // a life begins once
  own.began = true;
  own.new_disk = !damaged && state.replica.store().key_count() == 0;
  if (!can_be_filled(turn)) return;
  own.incomplete = own.incomplete || recorded || damaged;
  own.undecided = own.new_disk && !own.incomplete;
  if (!own.incomplete) return;
  start_over(own, turn);
  turn.observe(Observed::kReplicaIncomplete, kNoNode, {}, own.open.size());
}

void states_lost(NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  if (!can_be_filled(turn)) return;
  const bool was_incomplete = own.incomplete;
  const bool was_recorded = !own.knows();
  own.incomplete = true;
  if (!own.began) return;
  own.undecided = false;
  start_over(own, turn);
  if (own.incomplete && !was_incomplete) turn.observe(Observed::kReplicaIncomplete, kNoNode, {}, own.open.size());
  if (own.incomplete != was_recorded) state.replica.record_incomplete(own.incomplete, turn);
}

void heard_of_disk(NodeId from, const Heartbeat& beat, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  DKV_ASSERT(state.peers.is_member(from) && beat.to_incarnation == turn.incarnation);
  if (!own.undecided) return;
  if (!beat.new_to_you) return states_lost(state, turn);
  own.new_to.insert(from);
  if (own.new_to.size() + 1 < turn.config.placement->members().size()) return;
  own.undecided = false;
  state.replica.record_incomplete(false, turn);
}

void compared(NodeId peer, PartitionId partition, NodeState& state, const TurnEnv& turn) {
  Completeness& own = state.completeness;
  if (!own.incomplete || own.open.erase({peer, partition}) == 0 || !own.open.empty()) return;
  own.incomplete = false;
  turn.observe(Observed::kReplicaComplete);
  state.replica.record_incomplete(false, turn);
}

}  // namespace dkv
