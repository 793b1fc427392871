#pragma once

#include <cstdint>
#include <map>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/node/operations.h"
#include "engine/node/turn_env.h"
#include "engine/storage/store_options.h"

namespace dkv {

struct NodeState;

// Who waits for an object whose values come from the disk.
struct FetchWaiter {
  enum class Kind : std::uint8_t {
    kRead,         // operation `op` of this node reads its own copy
    kPeerGet,      // a ReplicaGetReply for `op` leaves to `peer`
    kAntiEntropy,  // an AntiEntropyObjects leaves to `peer`
    kSiblings,     // a put's answer to `origin`, which asked for all siblings
    kHint,         // a start: the hint for `peer`
  };
  Kind kind = Kind::kRead;
  NodeId peer = kNoNode;
  OpId op = kNoOp;
  Key key;
  Origin origin;               // kSiblings
  ClientReply reply;           // kSiblings: but for the object
  TimeNs created_wall_ns = 0;  // kHint
  Stamp stamp;                 // kAntiEntropy: of when it began
};

struct Fetches {
  std::map<FetchId, FetchWaiter> waiting;
  std::uint32_t hints_to_load = 0;  // before the node serves
};

// Hands the object that waiter.key holds here to the waiter: now, or when its values have been read.
void fetch_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
// Reads the hint for waiter.peer, at a start.
void fetch_hint_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
void fetched(const StoreFetched& fetched, NodeState& state, const TurnEnv& turn);

// The store has forgotten versions that it can't read: the key's other primaries are asked for theirs.
void damage_found(const StoreDamaged& damaged, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
