#pragma once

#include "engine/core/types.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

struct Parts;

// Anti-entropy between replicas: hash trees find what differs, objects are merged both ways. Every step is idempotent
// and stateless but for whose turn it is, so a lost message costs one round.
struct Sync {
  NodeId last_peer = kNoNode;  // whom the last round went to
  std::uint64_t excerpts = 0;  // how many lists of keys were too long for one message
};

// Starts a round with the next reachable peer that shares partitions: the roots of all that both hold.
void sync_tick(Parts& parts, const Turn& turn);

void sync_roots(const SyncRoots& roots, NodeId from, Parts& parts, const Turn& turn);
void sync_leaves(const SyncLeaves& leaves, NodeId from, Parts& parts, const Turn& turn);
void sync_keys(const SyncKeys& keys, NodeId from, Parts& parts, const Turn& turn);
void sync_objects(const SyncObjects& objects, NodeId from, Parts& parts, const Turn& turn);

}  // namespace dkv
