#include "engine/node/write.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/core/assert.h"
#include "engine/node/admission.h"
#include "engine/node/answer.h"
#include "engine/node/fetches.h"
#include "engine/node/handoff.h"
#include "engine/node/receive.h"
#include "engine/node/stamps.h"

namespace dkv {
namespace {

bool is_target(const WriteOp& op, NodeId node) {
  return std::ranges::any_of(op.targets, [&](const WriteOp::Target& t) { return t.node == node; });
}

// Checks the targets of a write against its counts. The primaries come first, in their order. Behind them comes one
// stand-in for each replaced primary. No count is above the number of places that have acknowledged.
void check_places(const WriteOp& op, const TurnEnv& turn) {
  const auto primaries = turn.primaries(op.key);
  DKV_ASSERT(op.targets.size() >= primaries.size() && op.targets.size() <= 2 * primaries.size());
  std::uint32_t acknowledged = 0;
  std::uint32_t places = 0;  // bit i: place i is acknowledged
  std::size_t replaced = 0;
  for (std::size_t i = 0; i < primaries.size(); ++i) {
    const WriteOp::Target& target = op.targets[i];
    DKV_ASSERT(target.node == primaries[i] && target.hint_for == kNoNode && target.place == i);
    DKV_ASSERT(!target.replaced || target.node != turn.config.id);  // this node's own copy needs no stand-in
    acknowledged += target.acknowledged ? 1 : 0;
    places |= target.acknowledged ? 1u << i : 0;
    replaced += target.replaced ? 1 : 0;
  }
  DKV_ASSERT(op.tally.primary() <= acknowledged);
  DKV_ASSERT(op.targets.size() - primaries.size() == replaced);
  for (std::size_t i = primaries.size(); i < op.targets.size(); ++i) {
    const WriteOp::Target& target = op.targets[i];
    DKV_ASSERT(target.place < primaries.size() && target.hint_for == primaries[target.place]);
    DKV_ASSERT(!target.replaced && std::ranges::find(primaries, target.node) == primaries.end());
    places |= target.acknowledged ? 1u << target.place : 0;
  }
  DKV_ASSERT(op.tally.total() <= static_cast<std::uint32_t>(std::popcount(places)));
}

// The next reachable node behind the primaries that is no target yet.
NodeId next_fallback(const WriteOp& op, const NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const auto list = placement.preference_list(placement.partition(op.key.hash()));
  for (const NodeId node : list.subspan(placement.replicas())) {
    if (state.peers.reachable(node) && !is_target(op, node)) return node;
  }
  return kNoNode;
}

void send_copy(OpId id, const WriteOp& op, const WriteOp::Target& target, const NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(target.node != turn.config.id);
  DKV_ASSERT(op.era + 1 >= state.eras.settled());  // a write in progress keeps the settled era back
  const bool hint = target.hint_for != kNoNode;
  turn.out.send(target.node, ReplicaPut{.op = id,
                                        .reason = hint ? CopyReason::kHint : CopyReason::kWrite,
                                        .hint_for = target.hint_for,
                                        .key = op.key,
                                        .object = op.object,
                                        .stamp = stamp_for(target.node, op.era, state)});
}

// Gives the primary of the place a stand-in, when one is left.
void stand_in(OpId id, WriteOp& op, std::uint32_t place, const NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(op.tally.spec().mode == QuorumMode::kSloppy);
  DKV_ASSERT(!op.targets[place].replaced && !op.targets[place].acknowledged);
  const NodeId fallback = next_fallback(op, state, turn);
  if (fallback == kNoNode) return;
  const NodeId primary = op.targets[place].node;
  op.targets[place].replaced = true;
  op.targets.push_back({.node = fallback, .hint_for = primary, .place = place});
  op.tally.ask_stand_in(place);
  turn.observe(Observed::kFallbackUsed, fallback, op.key, primary);
  send_copy(id, op, op.targets.back(), state, turn);
}

AckSummary summary(const QuorumTally& tally) {
  return {.total = static_cast<std::uint8_t>(tally.total()),
          .primary = static_cast<std::uint8_t>(tally.primary()),
          .fallback = static_cast<std::uint8_t>(tally.fallback()),
          .need = static_cast<std::uint8_t>(tally.spec().need)};
}

void reply(WriteOp& op, Outcome outcome, Reason reason, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!op.replied);
  check_places(op, turn);
  // The dot is minted and copies are on their way: "certainly not done" would be false.
  DKV_ASSERT(outcome != Outcome::kRefused && (outcome == Outcome::kDone) == (reason == Reason::kNone));
  op.replied = true;
  ClientReply reply{.outcome = outcome, .reason = reason, .acks = summary(op.tally), .coordinator = turn.config.id};
  if (outcome == Outcome::kDone) reply.context = op.seen;
  if (outcome == Outcome::kDone && op.return_siblings) {
    return fetch_for({.kind = FetchWaiter::Kind::kSiblings, .key = op.key, .origin = op.origin, .reply = reply}, state,
                     turn);
  }
  answer(op.origin, std::move(reply), turn);
}

void reply_if_decided(WriteOp& op, NodeState& state, const TurnEnv& turn) {
  if (op.replied) return;
  const QuorumState quorum = op.tally.state();
  if (quorum == QuorumState::kReached) {
    reply(op, Outcome::kDone, Reason::kNone, state, turn);
  } else if (quorum == QuorumState::kImpossible) {
    reply(op, Outcome::kUnknown, Reason::kTooFewReplicas, state, turn);
  }
}

void finish_if_complete(OpId id, WriteOp& op, NodeState& state) {
  const bool complete = op.replied && std::ranges::all_of(op.targets, [](const WriteOp::Target& t) {
                          return t.acknowledged || t.replaced;
                        });
  if (complete) state.operations.erase(id);
}

Reason room_reason(Room room) {
  switch (room) {
    case Room::kEnough: return Reason::kNone;
    case Room::kDiskFull: return Reason::kStorageFull;
    case Room::kBehind: return Reason::kOverloaded;
  }
  return Reason::kStorageFull;
}

// Checks, before anything is minted, that enough nodes can acknowledge.
Reason enough_reachable(const QuorumSpec& spec, PartitionId partition, const NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  std::uint32_t primaries = 0;
  std::uint32_t others = 0;
  const auto list = placement.preference_list(partition);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!state.peers.reachable(list[i])) continue;
    ++(i < placement.replicas() ? primaries : others);
  }
  // Each fallback stands in for one unreachable primary.
  if (spec.mode == QuorumMode::kStrict) others = 0;
  DKV_ASSERT(primaries >= 1 && primaries <= placement.replicas());  // this node is one, and reaches itself
  others = std::min(others, placement.replicas() - primaries);
  const bool enough = primaries >= spec.need_primary && primaries + others >= spec.need;
  return enough ? Reason::kNone : Reason::kTooFewReplicas;
}

// Sends the copies of a write that this node has minted.
void begin_write(const ClientRequest& request, const Origin& origin, Replica::Minted minted, const QuorumSpec& spec,
                 NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(minted.append == state.replica.last_append());
  OpId id = kNoOp;
  WriteOp& op = state.operations.insert(WriteOp{.origin = origin,
                                                .key = request.key,
                                                .object = std::move(minted.copy),
                                                .seen = {std::move(minted.seen), std::min(minted.hlc, kContextHlcMax)},
                                                .era = state.eras.current(),
                                                .append = minted.append,
                                                .return_siblings = request.return_siblings,
                                                .deadline_ns = turn.now_ns + request.timeout_ms * kMillisecond,
                                                .tally = QuorumTally(spec)},
                                        id);
  const auto primaries = turn.primaries(request.key);
  for (std::uint32_t place = 0; place < primaries.size(); ++place) {
    op.targets.push_back({.node = primaries[place], .place = place});
    op.tally.ask_primary(place);
  }
  const bool sloppy = request.mode == QuorumMode::kSloppy;
  for (std::uint32_t place = 0; place < primaries.size(); ++place) {
    const NodeId node = primaries[place];
    if (node == turn.config.id) continue;
    // An unreachable primary gets its copy, too: failure detection may be late to notice its return.
    send_copy(id, op, op.targets[place], state, turn);
    if (sloppy && !state.peers.reachable(node)) stand_in(id, op, place, state, turn);
  }
  const TimeNs stand_ins_ns = turn.now_ns + turn.config.fallback_after_ns;
  op.stand_ins_later = sloppy && turn.config.fallback_after_ns > 0 && stand_ins_ns < op.deadline_ns;
  op.tally.expect_stand_ins(op.stand_ins_later);
  state.operations.add_deadline(id, op.stand_ins_later ? stand_ins_ns : op.deadline_ns);
  check_places(op, turn);
  DKV_ASSERT(!op.replied && op.tally.total() == 0);
  state.replica.wait(op.append, {.kind = DurableWaiter::Kind::kLocalAck, .op = id});
}

}  // namespace

void start_write(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const PartitionId partition = placement.partition(request.key.hash());
  DKV_ASSERT(placement.is_primary(partition, turn.config.id) && request.kind != RequestKind::kGet);
  const QuorumSpec spec{placement.replicas(), request.need, request.need_primary, request.mode};
  DKV_ASSERT(spec.need >= 1 && spec.need <= spec.replicas && spec.need_primary <= spec.replicas);
  Reason reason = state.operations.full() ? Reason::kOverloaded : Reason::kNone;
  if (reason == Reason::kNone) reason = enough_reachable(spec, partition, state, turn);
  if (reason == Reason::kNone) {
    reason = room_reason(state.replica.room(request.kind == RequestKind::kDelete, request.value.size()));
  }
  if (reason == Reason::kNone) {
    const ObjectPtr current = state.replica.find(request.key);
    reason = check_write(request, current, state.replica.actor(), state.replica.last_minted(request.key, current),
                         turn.config);
  }
  if (reason != Reason::kNone) return answer(origin, refusal(reason, turn.config, request.need), turn);
  begin_write(request, origin, state.replica.mint(request, turn), spec, state, turn);
}

void own_copy_durable(OpId id, NodeState& state, const TurnEnv& turn) {
  const WriteOp* op = state.operations.find<WriteOp>(id);
  DKV_ASSERT(!op || state.replica.durable(op->append));
  write_acknowledged(id, turn.config.id, true, state, turn);
}

void write_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn) {
  WriteOp* op = state.operations.find<WriteOp>(id);
  if (!op) return;
  const auto target = std::ranges::find_if(op->targets, [&](const WriteOp::Target& t) { return t.node == from; });
  if (target == op->targets.end() || target->acknowledged) return;
  const QuorumTally::Answer answer = stored ? QuorumTally::Answer::kYes : QuorumTally::Answer::kNo;
  const bool counts = target->hint_for == kNoNode ? op->tally.answer_primary(target->place, answer)
                                                  : op->tally.answer_stand_in(target->place, answer);
  if (!counts) return;  // its first answer was no
  target->acknowledged = stored;
  reply_if_decided(*op, state, turn);
  finish_if_complete(id, *op, state);
}

void receive(ReplicaPut& put, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (too_late(put.stamp, from, put.key, state, turn)) return;
  const Placement& placement = *turn.config.placement;
  const PartitionId partition = placement.partition(put.key.hash());
  const bool primary = placement.is_primary(partition, turn.config.id);
  const bool hint = put.reason == CopyReason::kHint;
  if (hint && !primary && placement.is_primary(partition, put.hint_for)) return store_hint(put, from, state, turn);
  // If this node is not the right receiver, the sender has another layout.
  const bool meant = primary && !hint;
  if (!meant || !state.replica.has_room_for(*put.object)) {
    if (put.op != kNoOp) turn.out.send(from, ReplicaPutAck{put.op, false});
    return;
  }
  acknowledge(state.replica.merge_in(put.key, put.object, turn), from, put.op, state, turn);
}

void receive(ReplicaPutAck& ack, NodeId from, NodeState& state, const TurnEnv& turn) {
  Operation* operation = state.operations.find_any(ack.op);
  if (!operation) return;
  if (std::holds_alternative<HintOp>(*operation)) {
    hint_acknowledged(ack.op, from, ack.stored, state, turn);
  } else {
    write_acknowledged(ack.op, from, ack.stored, state, turn);
  }
}

void write_due(OpId id, NodeState& state, const TurnEnv& turn) {
  WriteOp* op = state.operations.find<WriteOp>(id);
  DKV_ASSERT(op);
  check_places(*op, turn);
  if (turn.now_ns < op->deadline_ns) {
    DKV_ASSERT(op->stand_ins_later);  // only stand-ins are due before its end
    for (std::uint32_t place = 0; place < op->tally.spec().replicas; ++place) {
      const WriteOp::Target& target = op->targets[place];
      if (!target.acknowledged && !target.replaced && target.node != turn.config.id) {
        stand_in(id, *op, place, state, turn);
      }
    }
    check_places(*op, turn);
    op->stand_ins_later = false;
    op->tally.expect_stand_ins(false);
    state.operations.add_deadline(id, op->deadline_ns);
    reply_if_decided(*op, state, turn);
    return;
  }
  if (!op->replied) reply(*op, Outcome::kUnknown, Reason::kTimedOut, state, turn);
  state.operations.erase(id);
}

}  // namespace dkv
