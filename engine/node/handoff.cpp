#include "engine/node/handoff.h"

#include <vector>

#include "engine/core/assert.h"
#include "engine/node/answer.h"
#include "engine/node/stamps.h"

namespace dkv {
namespace {

constexpr TimeNs kDeliveryTimeoutNs = 2 * kSecond;

void erase_hint(NodeId owner, const Key& key, NodeState& state, const TurnEnv& turn) {
  state.hints.erase(owner, key);
  erase_stored_hint(owner, key, state, turn);
}

void expire(NodeState& state, const TurnEnv& turn) {
  if (turn.config.hint_ttl_ns == 0 || state.hints.size() == 0) return;
  const TimeNs last_wall_ns = turn.wall_now_ns - turn.config.hint_ttl_ns;
  if (state.hints.oldest_wall_ns() > last_wall_ns) return;
  std::vector<HintTable::Id> expired;
  for (const auto& [id, hint] : state.hints.all()) {
    if (hint.created_wall_ns <= last_wall_ns) expired.push_back(id);
  }
  for (const auto& [owner, key] : expired) {
    turn.observe(Observed::kHintExpired, owner, key);
    erase_hint(owner, key, state, turn);
  }
  state.hints.recompute_oldest();
  DKV_ASSERT(state.hints.oldest_wall_ns() > last_wall_ns);
}

void send_hint(const HintTable::Id& id, const HintTable::Hint& hint, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(state.eras.takes(hint.era));  // a held hint keeps the settled era back
  OpId op = kNoOp;
  state.operations.insert(HintOp{.owner = id.first, .key = id.second, .object = hint.object}, op);
  state.operations.add_deadline(op, turn.now_ns + kDeliveryTimeoutNs);
  turn.observe(Observed::kHintSent, id.first, id.second);
  turn.out.send(id.first, ReplicaPut{.op = op,
                                     .reason = CopyReason::kHintDelivery,
                                     .key = id.second,
                                     .object = hint.object,
                                     .stamp = stamp_for(id.first, state.eras.current(), state)});
}

}  // namespace

void erase_stored_hint(NodeId owner, const Key& key, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!state.hints.find(owner, key));  // the table and the disk would differ until the next start
  state.hints.removing = state.replica.append({.space = KeySpace::kHints, .owner = owner, .key = key}, turn);
}

void store_hint(const ReplicaPut& put, NodeId from, NodeState& state, const TurnEnv& turn) {
  // A hint is for another node. A primary merges the state into its own copy.
  DKV_ASSERT(put.hint_for != turn.config.id && !turn.is_primary(put.key));
  DKV_ASSERT(state.eras.takes(put.stamp.era));
  const HintTable::Hint* held = state.hints.find(put.hint_for, put.key);
  if (!held && (state.hints.full() || !state.replica.has_room_for(*put.object))) {
    turn.observe(Observed::kHintRefused, put.hint_for, put.key);
    turn.out.send(from, ReplicaPutAck{put.op, false});
    return;
  }
  AppendId append = state.replica.last_append();
  const ObjectPtr merged = merge(held ? held->object : ObjectPtr(), put.object, turn.config.policy_of(put.key));
  if (!held || merged != held->object) {
    turn.observe(held ? Observed::kHintSuperseded : Observed::kHintStored, put.hint_for, put.key);
    append = state.replica.append({.space = KeySpace::kHints,
                                   .owner = put.hint_for,
                                   .key = put.key,
                                   .object = merged,
                                   .created_wall_ns = turn.wall_now_ns},
                                  turn);
    // A state that replaces all of the old one has the era of its own stamp.
    const bool replaced = !held || merged == put.object;
    if (held && replaced) state.hints.removing = append;
    const Era era = replaced ? put.stamp.era : std::min(held->era, put.stamp.era);
    state.hints.set(put.hint_for, put.key, merged, turn.wall_now_ns, era);
  }
  // The acknowledgement promises that the hint includes this copy.
  const HintTable::Hint* kept = state.hints.find(put.hint_for, put.key);
  DKV_ASSERT(kept && kept->object->seen().covers(put.object->seen()));
  DKV_ASSERT(state.eras.takes(kept->era));
  acknowledge(append, from, put.op, state, turn);
}

void hints_tick(NodeState& state, const TurnEnv& turn) {
  expire(state, turn);
  NodeId owner = kNoNode;
  std::uint32_t in_flight = 0;
  auto hint = state.hints.all().begin();
  while (hint != state.hints.all().end()) {
    const auto& [id, held] = *hint;
    if (id.first != owner) {
      owner = id.first;
      in_flight = 0;
    }
    if (!state.peers.reachable(owner) || in_flight >= turn.config.hints_in_flight_max) {
      hint = state.hints.all().lower_bound({owner + 1, Key()});
      continue;
    }
    ++in_flight;
    if (!held.in_flight) {
      if (state.operations.full()) return;
      send_hint(id, held, state, turn);
      state.hints.set_in_flight(owner, id.second, true);
    }
    ++hint;
  }
}

void hint_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn) {
  HintOp* op = state.operations.find<HintOp>(id);
  if (!op || op->owner != from) return;
  const HintOp sent = std::move(*op);
  state.operations.erase(id);
  const HintTable::Hint* held = state.hints.find(sent.owner, sent.key);
  if (!held) return;  // expired meanwhile
  state.hints.set_in_flight(sent.owner, sent.key, false);
  if (!stored || held->object != sent.object) return;
  DKV_ASSERT(sent.object->seen().covers(held->object->seen()));  // the owner has everything that is erased
  turn.observe(Observed::kHintDelivered, sent.owner, sent.key);
  erase_hint(sent.owner, sent.key, state, turn);
}

void hint_due(OpId id, NodeState& state, const TurnEnv&) {
  const HintOp* op = state.operations.find<HintOp>(id);
  DKV_ASSERT(op);
  state.hints.set_in_flight(op->owner, op->key, false);
  state.operations.erase(id);
}

}  // namespace dkv
