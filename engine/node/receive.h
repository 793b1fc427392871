// The receiver of each message, by behaviour. A message without a line here fails to compile.
#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

// May move from the message.
void receive(Message& message, NodeId from, NodeState& state, const TurnEnv& turn);

// write.cpp: copies and their acknowledgements.
void receive(ReplicaPut& put, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(ReplicaPutAck& ack, NodeId from, NodeState& state, const TurnEnv& turn);
// read.cpp
void receive(ReplicaGet& get, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(ReplicaGetReply& reply, NodeId from, NodeState& state, const TurnEnv& turn);
// forward.cpp: requests of other nodes' clients.
void receive(Forward& forward, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(ForwardReply& reply, NodeId from, NodeState& state, const TurnEnv& turn);
// heartbeats.cpp: signs of life and eras.
void receive(Heartbeat& beat, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(LaterLife& notice, NodeId from, NodeState& state, const TurnEnv& turn);
// anti_entropy.cpp, in the order of a round.
void receive(AntiEntropyRoots& roots, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(AntiEntropyLeaves& leaves, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(AntiEntropyKeys& keys, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(AntiEntropyObjects& objects, NodeId from, NodeState& state, const TurnEnv& turn);
// reaper.cpp, in the order of a proof.
void receive(ReapAsk& ask, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(ReapHeld& held, NodeId from, NodeState& state, const TurnEnv& turn);
void receive(ReapForget& reap, NodeId from, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
