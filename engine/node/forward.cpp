#include "engine/node/forward.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/node/answer.h"
#include "engine/node/coordinate.h"
#include "engine/node/receive.h"

namespace dkv {
namespace {

bool was_tried(const ForwardOp& op, NodeId node) {
  return std::ranges::find(op.tried, node) != op.tried.end();
}

// The next reachable primary that has not been tried, in the order of the preference list. One that answers late is
// the last choice.
NodeId next_coordinator(const ForwardOp& op, const NodeState& state, const TurnEnv& turn) {
  NodeId late = kNoNode;
  for (const NodeId node : turn.primaries(op.request.key)) {
    if (!state.peers.reachable(node) || was_tried(op, node)) continue;
    if (!state.peers.is_overdue(node)) return node;
    if (late == kNoNode) late = node;
  }
  return late;
}

// The coordinator has the time that is left.
void hand_to(NodeId to, OpId id, ForwardOp& op, const NodeState& state, const TurnEnv& turn) {
  DKV_ASSERT(to != turn.config.id && state.peers.incarnation(to) != 0);  // the receiver checks the life that is named
  DKV_ASSERT(!was_tried(op, to));
  op.tried.push_back(to);
  op.asked_ns = turn.now_ns;
  op.request.timeout_ms =
      static_cast<std::uint32_t>(std::max<TimeNs>((op.deadline_ns - turn.now_ns) / kMillisecond, 1));
  turn.observe(Observed::kRequestForwarded, to, op.request.key);
  turn.out.send(to, Forward{.op = id,
                            .from_incarnation = turn.incarnation,
                            .to_incarnation = state.peers.incarnation(to),
                            .request = op.request});
}

// When the coordinator is late, or the time-out. An operation has one deadline at a time.
TimeNs next_deadline(const ForwardOp& op, const TurnEnv& turn) {
  const TimeNs late_ns = op.asked_ns + turn.config.fallback_after_ns;
  return late_ns > turn.now_ns ? std::min(late_ns, op.deadline_ns) : op.deadline_ns;
}

// Whether another primary may still be able to do it. All but a wrong request depends on the node that was asked.
bool depends_on_node(Reason reason) {
  return reason != Reason::kBadRequest && reason != Reason::kTooManySiblings;
}

void end_forward(OpId id, ClientReply reply, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(id);
  DKV_ASSERT(op);
  const Origin origin = op->origin;
  state.operations.erase(id);
  answer(origin, std::move(reply), turn);
}

}  // namespace

void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  const NodeConfig& config = turn.config;
  DKV_ASSERT(!turn.is_primary(request.key));  // a primary coordinates it
  DKV_ASSERT(origin.node == kNoNode);         // a request is forwarded once by each node, so it cannot circulate
  if (state.operations.full()) return answer(origin, refusal(Reason::kOverloaded, config, request.need), turn);
  ForwardOp started{
      .origin = origin, .request = request, .deadline_ns = turn.now_ns + request.timeout_ms * kMillisecond};
  const NodeId to = next_coordinator(started, state, turn);
  if (to == kNoNode) return answer(origin, refusal(Reason::kNoReachablePrimary, config, request.need), turn);
  OpId id = kNoOp;
  ForwardOp& op = state.operations.insert(std::move(started), id);
  hand_to(to, id, op, state, turn);
  state.operations.add_deadline(id, next_deadline(op, turn));
}

void receive(Forward& forward, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!state.seen_forwards.take(forward, from, turn.incarnation)) return;
  coordinate_forwarded(forward.request, {from, forward.op}, state, turn);
}

// Only the node that was asked last may answer. A refusal is certain, so the next primary can carry the request out
// without a second version. After any other answer, and after silence, it may have been carried out already.
void receive(ForwardReply& reply, NodeId from, NodeState& state, const TurnEnv& turn) {
  ForwardOp* op = state.operations.find<ForwardOp>(reply.op);
  if (!op || op->tried.back() != from) return;
  if (reply.reply.outcome == Outcome::kRefused && depends_on_node(reply.reply.reason)) {
    const NodeId next = next_coordinator(*op, state, turn);
    if (next != kNoNode) return hand_to(next, reply.op, *op, state, turn);
  }
  end_forward(reply.op, std::move(reply.reply), state, turn);
}

void forward_due(OpId id, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(id);
  DKV_ASSERT(op && !op->tried.empty() && op->tried.size() <= turn.config.placement->replicas());
  if (turn.now_ns < op->deadline_ns) {
    const bool late = turn.now_ns - op->asked_ns >= turn.config.fallback_after_ns;
    if (late) state.peers.overdue(op->tried.back());
    state.operations.add_deadline(id, next_deadline(*op, turn));
    return;
  }
  const AckSummary none{.need = op->request.need};
  end_forward(id, {.outcome = Outcome::kUnknown, .reason = Reason::kTimedOut, .acks = none}, state, turn);
}

}  // namespace dkv
