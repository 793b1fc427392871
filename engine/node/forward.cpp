#include "engine/node/forward.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/node/node_state.h"

namespace dkv {

void forward_request(const ClientRequest& request, const Origin& origin, Incarnation self, NodeState& state,
                     const TurnEnv& turn) {
  const NodeConfig& config = turn.config;
  const Placement& placement = *config.placement;
  if (state.operations.full()) return answer(origin, refusal(Reason::kOverloaded, config, request.need), turn);
  const auto primaries = placement.primaries(placement.partition(request.key.hash()));
  const auto to = std::ranges::find_if(primaries, [&](NodeId node) { return state.peers.reachable(node); });
  if (to == primaries.end()) return answer(origin, refusal(Reason::kNoReachablePrimary, config, request.need), turn);
  OpId id = kNoOp;
  state.operations.insert(ForwardOp{.origin = origin, .to = *to, .need = request.need}, id);
  state.operations.add_deadline(id, turn.now_ns + request.timeout_ms * kMillisecond);
  turn.observe(Observed::kRequestForwarded, *to, request.key);
  turn.out.send(
      *to,
      Forward{.op = id, .from_incarnation = self, .to_incarnation = state.peers.incarnation(*to), .request = request});
}

void forward_answered(ForwardReply& reply, NodeId from, NodeState& state, const TurnEnv& turn) {
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

SeenForwards::SeenForwards(const NodeConfig& config) {
  for (const Member& member : config.placement->members()) {
    if (peers_.size() <= member.id) peers_.resize(member.id + 1);
    peers_[member.id].member = member.id != config.id;
  }
}

bool SeenForwards::take(const Forward& forward, NodeId from, Incarnation self) {
  if (from >= peers_.size() || !peers_[from].member) return false;
  // Meant for an earlier life, which may have carried it out.
  if (forward.to_incarnation != self) return false;
  Peer& peer = peers_[from];
  if (forward.from_incarnation < peer.incarnation) return false;
  const std::uint64_t serial = Operations::serial_of(forward.op);
  if (peer.taken.empty() || forward.from_incarnation > peer.incarnation) {
    // Of an earlier life nothing is taken any more, so its serials may be forgotten.
    peer.incarnation = forward.from_incarnation;
    peer.newest = serial;
    peer.taken.assign(kWindow, false);
    peer.taken[serial % kWindow] = true;
    return true;
  }
  if (serial > peer.newest) {
    const std::uint64_t passed = std::min<std::uint64_t>(serial - peer.newest, kWindow);
    for (std::uint64_t i = 0; i < passed; ++i) peer.taken[(serial - i) % kWindow] = false;
    peer.newest = serial;
  } else if (peer.newest - serial >= kWindow) {
    return false;
  }
  if (peer.taken[serial % kWindow]) return false;
  peer.taken[serial % kWindow] = true;
  return true;
}

}  // namespace dkv
