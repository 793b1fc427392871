#pragma once

#include <cstdint>
#include <map>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/node/operations.h"
#include "engine/protocol/messages.h"
#include "engine/storage/backend.h"

namespace dkv {

// A party that waits for an object whose values are read from the disk.
struct FetchWaiter {
  enum class Kind : std::uint8_t {
    kRead,         // operation `op` of this node reads its own copy
    kPeerGet,      // a ReplicaGetReply for `op` leaves to `peer`
    kAntiEntropy,  // an AntiEntropyObjects leaves to `peer`
    kSiblings,     // a put's answer to `origin`, which asked for all siblings
    kHint,         // at a start, the hint for `peer` is loaded
  };
  Kind kind = Kind::kRead;
  NodeId peer = kNoNode;
  OpId op = kNoOp;
  Key key;
  Origin origin;               // kSiblings
  ClientReply reply;           // kSiblings: the answer, still without the object
  TimeNs created_wall_ns = 0;  // kHint
  Stamp stamp;                 // kAntiEntropy: from the beginning of the fetch
};

struct Fetches {
  std::map<FetchId, FetchWaiter> waiting;
  std::uint32_t hints_to_load = 0;  // still to be read before the node serves
};

}  // namespace dkv
