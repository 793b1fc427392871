#include "engine/node/read.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/node/answer.h"
#include "engine/node/fetches.h"
#include "engine/node/receive.h"
#include "engine/node/stamps.h"

namespace dkv {
namespace {

// Checks the targets of a read against its counts. There are at most N targets, and each answers once. Only the answers
// of primaries and the hints of fallbacks count.
void check_places(const ReadOp& op, const TurnEnv& turn) {
  std::uint32_t primaries = 0;
  std::uint32_t fallbacks = 0;
  for (const ReadOp::Target& target : op.targets) {
    DKV_ASSERT(target.answered || !target.object);
    primaries += target.answered && target.primary ? 1 : 0;
    fallbacks += target.answered && !target.primary && target.object ? 1 : 0;
  }
  DKV_ASSERT(op.targets.size() <= turn.config.placement->replicas());
  DKV_ASSERT(op.tally.primary() == primaries && op.tally.fallback() == fallbacks);
}

void reply(ReadOp& op, Outcome outcome, Reason reason, const TurnEnv& turn) {
  DKV_ASSERT(!op.replied);
  check_places(op, turn);
  DKV_ASSERT((outcome == Outcome::kDone) == (reason == Reason::kNone));
  // A read is done when a quorum has answered, and never otherwise.
  DKV_ASSERT((outcome == Outcome::kDone) == (op.tally.state() == QuorumState::kReached));
  op.replied = true;
  ClientReply reply{.outcome = outcome,
                    .reason = reason,
                    .acks = {.total = static_cast<std::uint8_t>(op.tally.total()),
                             .primary = static_cast<std::uint8_t>(op.tally.primary()),
                             .fallback = static_cast<std::uint8_t>(op.tally.fallback()),
                             .need = static_cast<std::uint8_t>(op.tally.spec().need)},
                    .coordinator = turn.config.id};
  if (outcome == Outcome::kDone && op.merged) {
    reply.object = expire(op.merged, turn.wall_now_ns);
    reply.context = op.merged->context();
  }
  answer(op.origin, std::move(reply), turn);
}

// Sends the merged state to every primary that answered with another one.
void repair(const ReadOp& op, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(op.replied);                          // the client does not wait for it
  DKV_ASSERT(op.era + 1 >= state.eras.settled());  // a read in progress keeps the settled era back
  if (!turn.config.read_repair || !op.merged) return;
  for (const ReadOp::Target& target : op.targets) {
    if (!target.primary || !target.answered || equal(target.object, op.merged)) continue;
    // The merged state has seen all that the answer had.
    DKV_ASSERT(!target.object || op.merged->seen().covers(target.object->seen()));
    if (target.node != turn.config.id) {
      turn.observe(Observed::kReadRepaired, target.node, op.key);
      turn.out.send(target.node, ReplicaPut{.reason = CopyReason::kReadRepair,
                                            .key = op.key,
                                            .object = op.merged,
                                            .stamp = stamp_for(target.node, op.era, state)});
      continue;
    }
    if (!state.replica.has_room_for(*op.merged)) continue;
    // This node's own copy may have caught up since it answered.
    const AppendId before = state.replica.last_append();
    if (state.replica.merge_in(op.key, op.merged, turn) != before) {
      turn.observe(Observed::kReadRepaired, target.node, op.key);
    }
  }
}

// Chooses the reachable primaries, and for a sloppy read a reachable fallback for the place of each other primary.
void choose_targets(ReadOp& op, PartitionId partition, QuorumMode mode, const NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const auto list = placement.preference_list(partition);
  const auto primaries = list.first(placement.replicas());
  for (std::uint32_t place = 0; place < primaries.size(); ++place) {
    if (!state.peers.reachable(primaries[place])) continue;
    op.targets.push_back({.node = primaries[place], .place = place});
    op.tally.ask_primary(place);
  }
  if (mode == QuorumMode::kStrict) return;
  auto fallback = list.begin() + placement.replicas();
  for (std::uint32_t place = 0; place < primaries.size(); ++place) {
    if (state.peers.reachable(primaries[place])) continue;
    while (fallback != list.end() && !state.peers.reachable(*fallback)) ++fallback;
    if (fallback == list.end()) return;
    op.targets.push_back({.node = *fallback++, .place = place, .primary = false});
    op.tally.ask_stand_in(place);
  }
}

ObjectPtr hinted_copy(const Key& key, const NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!turn.is_primary(key));  // a primary answers with its own copy instead
  return state.hints.merged(key, turn.primaries(key), turn.config.policy_of(key));
}

// lost: no answer is expected of this node.
void finish_if_all_answered(OpId id, ReadOp& op, NodeId lost, NodeState& state, const TurnEnv& turn) {
  const bool all =
      std::ranges::all_of(op.targets, [&](const ReadOp::Target& t) { return t.answered || t.node == lost; });
  if (!op.replied || !all) return;
  repair(op, state, turn);
  state.operations.erase(id);
}

}  // namespace

// A primary of the key answers with its own copy, and any other node with its hints.
void receive(ReplicaGet& get, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (turn.is_primary(get.key)) {
    return fetch_for({.kind = FetchWaiter::Kind::kPeerGet, .peer = from, .op = get.op, .key = get.key}, state, turn);
  }
  turn.out.send(from, ReplicaGetReply{get.op, hinted_copy(get.key, state, turn)});
}

void start_read(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  const Placement& placement = *turn.config.placement;
  const PartitionId partition = placement.partition(request.key.hash());
  if (state.operations.full()) {
    return answer(origin, refusal(Reason::kOverloaded, turn.config, request.need), turn);
  }
  const QuorumSpec spec{placement.replicas(), request.need, request.need_primary, request.mode};
  ReadOp op{.origin = origin, .key = request.key, .era = state.eras.current(), .tally = QuorumTally(spec)};
  choose_targets(op, partition, request.mode, state, turn);
  if (op.tally.state() == QuorumState::kImpossible) {
    return answer(origin, refusal(Reason::kTooFewReplicas, turn.config, request.need), turn);
  }
  DKV_ASSERT(op.targets.size() >= request.need && op.tally.total() == 0);
  OpId id = kNoOp;
  const ReadOp& started = state.operations.insert(std::move(op), id);
  state.operations.add_deadline(id, turn.now_ns + request.timeout_ms * kMillisecond);
  bool local = false;
  for (const ReadOp::Target& target : started.targets) {
    if (target.node == turn.config.id) {
      local = true;
    } else {
      turn.out.send(target.node, ReplicaGet{.op = id, .key = request.key});
    }
  }
  if (!local) return;
  if (turn.is_primary(request.key)) {
    fetch_for({.kind = FetchWaiter::Kind::kRead, .op = id, .key = request.key}, state, turn);
  } else {
    read_answered(id, turn.config.id, hinted_copy(request.key, state, turn), state, turn);
  }
}

void read_answered(OpId id, NodeId from, ObjectPtr object, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!object || object->resident());  // the client and the replicas get it
  ReadOp* op = state.operations.find<ReadOp>(id);
  if (!op) return;
  const auto target = std::ranges::find_if(op->targets, [&](const ReadOp::Target& t) { return t.node == from; });
  if (target == op->targets.end() || target->answered) return;
  target->answered = true;
  target->object = std::move(object);
  op->merged = merge(op->merged, target->object, turn.config.policy_of(op->key));
  if (target->primary) {
    op->tally.answer_primary(target->place, QuorumTally::Answer::kYes);
  } else {
    op->tally.answer_stand_in(target->place, target->object ? QuorumTally::Answer::kYes : QuorumTally::Answer::kNo);
  }
  if (!op->replied) {
    if (op->tally.state() == QuorumState::kReached) {
      reply(*op, Outcome::kDone, Reason::kNone, turn);
    } else if (op->tally.state() == QuorumState::kImpossible) {
      reply(*op, Outcome::kRefused, Reason::kTooFewReplicas, turn);
    }
  }
  finish_if_all_answered(id, *op, kNoNode, state, turn);
}

// The question may have died with the earlier life. A read that has its reply waits for repairs only, and no era ends
// while it holds its states.
void reads_lose(NodeId peer, NodeState& state, const TurnEnv& turn) {
  for (const OpId id : state.operations.reads_waiting_for(peer)) {
    ReadOp* op = state.operations.find<ReadOp>(id);
    DKV_ASSERT(op);
    finish_if_all_answered(id, *op, peer, state, turn);
  }
}

void receive(ReplicaGetReply& reply, NodeId from, NodeState& state, const TurnEnv& turn) {
  read_answered(reply.op, from, std::move(reply.object), state, turn);
}

void read_due(OpId id, NodeState& state, const TurnEnv& turn) {
  ReadOp* op = state.operations.find<ReadOp>(id);
  DKV_ASSERT(op);
  if (!op->replied) reply(*op, Outcome::kUnknown, Reason::kTimedOut, turn);
  repair(*op, state, turn);
  state.operations.erase(id);
}

}  // namespace dkv
