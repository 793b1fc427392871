#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Answers the client or the forwarder that asked for an operation.
void answer(const Origin& origin, ClientReply reply, const TurnEnv& turn);
// Acknowledges the copy of `peer` once `append` is durable, immediately if it already is.
void acknowledge(AppendId append, NodeId peer, OpId op, NodeState& state, const TurnEnv& turn);
// The answer that the request was certainly not carried out.
ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need);

}  // namespace dkv
