#pragma once

#include <cstdint>
#include <variant>

#include "engine/core/types.h"
#include "engine/ports/disk.h"
#include "engine/protocol/client.h"
#include "engine/protocol/messages.h"

namespace dkv {

// The contract between a node and its host (the simulator or the real runtime):
//
// 1. Outbox calls only queue. After handle() returns, the host carries out the effects in order, and then the disk
//    requests in order.
// 2. Timers and disk completions come back as typed values. An acknowledgement leaves only after its bytes are
//    durable.
// 3. Every event carries the incarnation of the node that it is meant for. A node drops an event that is meant for
//    another.
// 4. Destroying a node emits nothing. A crash is: raise the incarnation, destroy the node, lose the bytes that were
//    not synced.
// 5. An operation in progress is a struct in one owner table. It is erased in one place, when it says that it is
//    finished.
// 6. Time, randomness and identity are given to the node. It reads no clock and no global.
// 7. A node is copyable. It holds no closure, no coroutine and no pointer into another part of the world.

// The first event of a life. The node reads its disk, and serves once its new epoch is durable.
struct Start {
  std::uint64_t seed = 0;  // of the node's random numbers
};

struct Received {
  NodeId from = kNoNode;
  Message message;
};

// The host's name for a client's request. The reply carries it back.
using ClientToken = std::uint64_t;

struct ClientAsked {
  ClientToken token = 0;
  ClientRequest request;
};

// The host's connection to the peer was refused or reset: its process has probably ended. Messages that were sent
// before may have been delivered or not. A host that learns nothing of connections never says this.
struct PeerLost {
  NodeId peer = kNoNode;
};

enum class TimerKind : std::uint8_t { kHeartbeat, kHints, kAntiEntropy, kOperations, kStorage };
inline constexpr std::size_t kTimerKinds = 5;

// At most one timer of each kind counts. Arming it again does not cancel the earlier one; its serial shows that it is
// late, and the node ignores it.
struct TimerFired {
  TimerKind kind = TimerKind::kHeartbeat;
  std::uint64_t serial = 0;
};

struct Event {
  Incarnation incarnation = 0;
  TimeNs now_ns = 0;       // monotonic within a life
  TimeNs wall_now_ns = 0;  // since the Unix epoch; may jump either way
  std::variant<Start, Received, ClientAsked, TimerFired, DiskDone, PeerLost> what;
};

}  // namespace dkv
