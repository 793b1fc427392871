#include "engine/node/forward.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/node/answer.h"
#include "engine/node/coordinate.h"
#include "engine/node/receive.h"

namespace dkv {

void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn) {
  const NodeConfig& config = turn.config;
  const Placement& placement = *config.placement;
  DKV_ASSERT(!turn.is_primary(request.key));  // a primary coordinates it
  DKV_ASSERT(origin.node == kNoNode);         // a request is forwarded only once, so it cannot circulate
  if (state.operations.full()) return answer(origin, refusal(Reason::kOverloaded, config, request.need), turn);
  const auto primaries = placement.primaries(placement.partition(request.key.hash()));
  const auto to = std::ranges::find_if(primaries, [&](NodeId node) { return state.peers.reachable(node); });
  if (to == primaries.end()) return answer(origin, refusal(Reason::kNoReachablePrimary, config, request.need), turn);
  DKV_ASSERT(*to != config.id && state.peers.incarnation(*to) != 0);  // the receiver checks the life that is named
  OpId id = kNoOp;
  state.operations.insert(ForwardOp{.origin = origin, .to = *to, .need = request.need}, id);
  state.operations.add_deadline(id, turn.now_ns + request.timeout_ms * kMillisecond);
  turn.observe(Observed::kRequestForwarded, *to, request.key);
  turn.out.send(*to, Forward{.op = id,
                             .from_incarnation = turn.incarnation,
                             .to_incarnation = state.peers.incarnation(*to),
                             .request = request});
}

void receive(Forward& forward, NodeId from, NodeState& state, const TurnEnv& turn) {
  if (!state.seen_forwards.take(forward, from, turn.incarnation)) return;
  coordinate_forwarded(forward.request, {from, forward.op}, state, turn);
}

// Only the node that was asked may answer.
void receive(ForwardReply& reply, NodeId from, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(reply.op);
  if (!op || op->to != from) return;
  const Origin origin = op->origin;
  state.operations.erase(reply.op);
  answer(origin, std::move(reply.reply), turn);
}

void forward_due(OpId id, NodeState& state, const TurnEnv& turn) {
  const ForwardOp* op = state.operations.find<ForwardOp>(id);
  DKV_ASSERT(op);
  const ForwardOp forward = *op;
  state.operations.erase(id);
  answer(forward.origin, {.outcome = Outcome::kUnknown, .reason = Reason::kTimedOut, .acks = {.need = forward.need}},
         turn);
}

}  // namespace dkv
