#include "engine/node/forward.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/node/answer.h"
#include "engine/node/coordinate.h"
#include "engine/node/receive.h"

namespace dkv {
namespace {

// The identity under which this node mints dots is another one in each life, even on another disk.
RequestId request_id(const Actor& self, OpId op) {
  const std::uint64_t life = hash_combine(hash_combine(self.id.high, self.id.low), self.epoch);
  const RequestId id = mix64(hash_combine(life, op));
  return id == kNoRequest ? 1 : id;
}

bool was_tried(const ForwardOp& op, NodeId node) {
  return std::ranges::any_of(op.tries, [&](const ForwardOp::Try& t) { return t.to == node; });
}

// The next reachable primary that has not been tried, in the order of the preference list.
NodeId next_coordinator(const ForwardOp& op, const NodeState& state, const TurnEnv& turn) {
  for (const NodeId node : turn.primaries(op.request.key)) {
    if (state.peers.reachable(node) && !was_tried(op, node)) return node;
  }
  return kNoNode;
}

void hand_to(NodeId to, OpId id, ForwardOp& op, const NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(to != turn.config.id && state.peers.incarnation(to) != 0);  // the receiver checks the life that is named
  DKV_ASSERT(!was_tried(op, to));
  op.tries.push_back({.to = to});
  // The coordinator has the time that is left.
  op.request.timeout_ms =
      static_cast<std::uint32_t>(std::max<TimeNs>((op.deadline_ns - turn.now_ns) / kMillisecond, 1));
  turn.observe(Observed::kRequestForwarded, to, op.request.key);
  turn.out.send(to, Forward{.op = id,
                            .from_incarnation = turn.incarnation,
                            .to_incarnation = state.peers.incarnation(to),
                            .request_id = op.id,
                            .request = op.request});
}

void end_forward(OpId id, ClientReply reply, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(id);
  DKV_ASSERT(op);
  const Origin origin = op->origin;
  state.operations.erase(id);
  answer(origin, std::move(reply), turn);
}

// Under last-write-wins the two versions of one write would have two timestamps, and the later one could win over a
// write that had seen the earlier one. So there a forwarded write has one coordinator.
void try_next(OpId id, ForwardOp& op, const NodeState& state, const TurnEnv& turn) {
  if (turn.config.policy_of(op.request.key) == ConflictPolicy::kLastWriteWins) return;
  if (const NodeId next = next_coordinator(op, state, turn); next != kNoNode) hand_to(next, id, op, state, turn);
}

}  // namespace

void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  const NodeConfig& config = turn.config;
  DKV_ASSERT(!turn.is_primary(request.key));  // a primary coordinates it
  DKV_ASSERT(origin.node == kNoNode);         // a request is forwarded once by each node, so it cannot circulate
  if (state.operations.full()) return answer(origin, refusal(Reason::kOverloaded, config, request.need), turn);
  ForwardOp started{.origin = origin,
                    .request = request,
                    .deadline_ns = turn.now_ns + request.timeout_ms * kMillisecond,
                    .acks = {.need = request.need}};
  const NodeId to = next_coordinator(started, state, turn);
  if (to == kNoNode) return answer(origin, refusal(Reason::kNoReachablePrimary, config, request.need), turn);
  OpId id = kNoOp;
  ForwardOp& op = state.operations.insert(std::move(started), id);
  op.id = request_id(state.replica.actor(), id);
  hand_to(to, id, op, state, turn);
  state.operations.add_deadline(id, op.deadline_ns);
}

void receive(Forward& forward, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!state.seen_forwards.take(forward, from, turn.incarnation)) return;
  coordinate_forwarded(forward.request, {from, forward.op, forward.request_id}, state, turn);
}

// Only a node that was asked may answer, and only once. "Certainly not done" is true only when all say so.
void receive(ForwardReply& reply, NodeId from, NodeState& state, const TurnEnv& turn) {
  ForwardOp* op = state.operations.find<ForwardOp>(reply.op);
  if (!op) return;
  const auto asked = std::ranges::find_if(op->tries, [&](const ForwardOp::Try& t) { return t.to == from; });
  if (asked == op->tries.end()) return;
  if (reply.reply.outcome == Outcome::kDone) return end_forward(reply.op, std::move(reply.reply), state, turn);
  asked->ended = true;
  asked->refused = reply.reply.outcome == Outcome::kRefused;
  if (!asked->refused && reply.reply.acks.total >= op->acks.total) op->acks = reply.reply.acks;
  const auto ended = [](const ForwardOp::Try& t) { return t.ended; };
  const auto refused = [](const ForwardOp::Try& t) { return t.refused; };
  // The only coordinator, or the last one.
  if (std::ranges::all_of(op->tries, refused)) return end_forward(reply.op, std::move(reply.reply), state, turn);
  if (std::ranges::all_of(op->tries, ended)) {
    if (op->tries.size() == 1) return end_forward(reply.op, std::move(reply.reply), state, turn);
    try_next(reply.op, *op, state, turn);
  }
}

void forward_due(OpId id, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(id);
  DKV_ASSERT(op && op->tries.size() <= turn.config.placement->replicas());
  end_forward(id, {.outcome = Outcome::kUnknown, .reason = Reason::kTimedOut, .acks = op->acks}, state, turn);
}

void forwards_lost(NodeId peer, NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(!state.peers.reachable(peer));
  for (const OpId id : state.operations.all<ForwardOp>()) {
    ForwardOp* op = state.operations.find<ForwardOp>(id);
    const auto lost = std::ranges::find_if(op->tries, [&](const ForwardOp::Try& t) { return t.to == peer; });
    if (lost == op->tries.end() || lost->ended) continue;
    lost->ended = true;
    try_next(id, *op, state, turn);
  }
}

}  // namespace dkv
