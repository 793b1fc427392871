#include "engine/node/answer.h"

#include <utility>

namespace dkv {

void answer(const Origin& origin, ClientReply reply, const TurnEnv& turn) {
  if (origin.node == kNoNode) {
    turn.out.reply(origin.reference, std::move(reply));
  } else {
    turn.out.send(origin.node, ForwardReply{origin.reference, std::move(reply)});
  }
}

void acknowledge(AppendId append, NodeId peer, OpId op, NodeState& state, const TurnEnv& turn) {
  if (op == kNoOp) return;
  if (state.replica.durable(append)) {
    turn.out.send(peer, ReplicaPutAck{op, true});
  } else {
    state.replica.wait(append, {.kind = DurableWaiter::Kind::kPeerAck, .peer = peer, .op = op});
  }
}

ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need) {
  return {.outcome = Outcome::kRefused, .reason = reason, .acks = {.need = need}, .coordinator = config.id};
}

}  // namespace dkv
