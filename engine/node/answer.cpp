#include "engine/node/answer.h"

#include <utility>

#include "engine/core/assert.h"

namespace dkv {

void answer(const Origin& origin, ClientReply reply, const TurnEnv& turn) {
  DKV_ASSERT(origin.node != turn.config.id);  // no node forwards to itself
  if (origin.node == kNoNode) {
    turn.out.reply(origin.reference, std::move(reply));
  } else {
    turn.out.send(origin.node, ForwardReply{origin.reference, std::move(reply)});
  }
}

void acknowledge(AppendId append, NodeId peer, OpId op, NodeState& state, const TurnEnv& turn) {
  // If the copy added nothing, any earlier append may hold its state.
  DKV_ASSERT(append == state.replica.last_append());
  if (op == kNoOp) return;
  if (state.replica.durable(append)) {
    turn.out.send(peer, ReplicaPutAck{op, true});
  } else {
    state.replica.wait(append, {.kind = DurableWaiter::Kind::kPeerAck, .peer = peer, .op = op});
  }
}

ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need) {
  DKV_ASSERT(reason != Reason::kNone);  // a forwarder could not decode such a refusal
  return {.outcome = Outcome::kRefused, .reason = reason, .acks = {.need = need}, .coordinator = config.id};
}

}  // namespace dkv
