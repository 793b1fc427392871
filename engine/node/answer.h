#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Answers the client or the forwarder that asked for an operation.
void answer(const Origin& origin, ClientReply reply, const TurnEnv& turn);
// Tells `peer` that its copy is stored once `append` is durable: at once if it is.
void acknowledge(AppendId append, NodeId peer, OpId op, NodeState& state, const TurnEnv& turn);
// An answer that nothing was done.
ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need);

}  // namespace dkv
