#pragma once

#include "engine/core/types.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

struct NodeState;

// Anti-entropy between replicas: hash trees find what differs, objects are merged both ways. Every step is idempotent
// and stateless but for whose turn it is, so a lost message costs one round.
struct AntiEntropy {
  NodeId last_peer = kNoNode;  // whom the last round went to
  std::uint64_t excerpts = 0;  // how many lists of keys were too long for one message
};

// Starts a round with the next reachable peer that shares partitions: the roots of all that both hold.
void anti_entropy_tick(NodeState& state, const TurnEnv& turn);

void anti_entropy_roots(const AntiEntropyRoots& roots, NodeId from, NodeState& state, const TurnEnv& turn);
void anti_entropy_leaves(const AntiEntropyLeaves& leaves, NodeId from, NodeState& state, const TurnEnv& turn);
void anti_entropy_keys(const AntiEntropyKeys& keys, NodeId from, NodeState& state, const TurnEnv& turn);
void anti_entropy_objects(const AntiEntropyObjects& objects, NodeId from, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
