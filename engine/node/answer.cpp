#include <utility>

#include "engine/node/node_state.h"

namespace dkv {

void answer(const Origin& origin, ClientReply reply, const Turn& turn) {
  if (origin.node == kNoNode) {
    turn.out.reply(origin.reference, std::move(reply));
  } else {
    turn.out.send(origin.node, ForwardReply{origin.reference, std::move(reply)});
  }
}

void acknowledge(AppendId append, NodeId peer, OpId op, Parts& parts, const Turn& turn) {
  if (op == kNoOp) return;
  if (parts.replica.durable(append)) {
    turn.out.send(peer, ReplicaPutAck{op, true});
  } else {
    parts.replica.wait(append, {.kind = DurableWaiter::Kind::kPeerAck, .peer = peer, .op = op});
  }
}

ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need) {
  return {.outcome = Outcome::kRefused, .reason = reason, .acks = {.need = need}, .coordinator = config.id};
}

}  // namespace dkv
