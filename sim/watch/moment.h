// The answers of a world to a debugger's questions about one moment (World::flights() and others). Pointers are valid
// until the world's next step.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/key.h"
#include "engine/core/types.h"
#include "engine/node/node.h"
#include "engine/ports/event.h"
#include "engine/protocol/client.h"
#include "engine/protocol/messages.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

// The cause of an event: the number of the event during which it was scheduled or, with kCommandCause set, the number
// (from 0) of a command. 0: the beginning of the run.
using Cause = std::uint64_t;
inline constexpr Cause kCommandCause = Cause{1} << 63;

// A message that has been sent and not received.
struct Flight {
  enum class Where : std::uint8_t {
    kUnderWay,
    kClogged,  // held by a clog until that ends
    kWaiting,  // it arrived at a process that stands still
  };
  // Identifies the message in this run (CommandKind::kDrop). 0: it is not under way, so it cannot be dropped.
  std::uint64_t id = 0;
  Where where = Where::kUnderWay;
  Leg leg = Leg::kWrite;
  NodeId from = kNoNode;  // requests: the home node of the client
  NodeId to = kNoNode;    // replies: the home node of the client
  TimeNs sent_ns = 0;
  TimeNs arrives_ns = -1;  // -1: not known yet
  Cause cause = 0;
  const char* name = "";                   // "ReplicaPut", "request", "reply", "connection refused"
  const Message* message = nullptr;        // between nodes. At most one of the three is set; none: nobody listened
  const ClientRequest* request = nullptr;  // from a client
  const ClientReply* reply = nullptr;      // to a client
  std::uint64_t token = 0;                 // requests and replies
  const Key* key = nullptr;                // null: the message names no key, or several
};

struct PendingTimer {
  NodeId node = kNoNode;
  TimerKind kind = TimerKind::kHeartbeat;
  TimeNs at_ns = 0;
};

enum class ProcessState : std::uint8_t { kUp, kStarting, kFailed, kPaused, kDown };

struct NodeView {
  ProcessState process = ProcessState::kUp;
  Incarnation incarnation = 0;
  bool slow = false;
  bool disk_slow = false;
  bool disk_full = false;
  bool disk_stalled = false;
  TimeNs skew_ns = 0;               // of the wall clock
  std::uint32_t cut_links = 0;      // number of other nodes with which it cannot exchange messages both ways
  std::uint32_t waiting = 0;        // events that wait for its process, which stands still
  std::uint64_t unsynced = 0;       // appends that are not durable yet
  std::uint64_t objects = 0;        // in the store; 0 while down
  std::uint64_t hints = 0;          // in memory; 0 while down
  std::uint64_t operations = 0;     // that it coordinates
  std::uint64_t durable_keys = 0;   // on the disk
  std::uint64_t durable_hints = 0;  // on the disk
  // True when it cannot exchange messages both ways with any other node.
  bool cut_off = false;
};

// An operation that a client waits for.
struct RunningOperation {
  std::uint32_t session = 0;
  const std::string* session_name = nullptr;  // scripted sessions only
  OperationKind kind = OperationKind::kGet;
  const Key* key = nullptr;
  NodeId via = kNoNode;
  TimeNs due_ns = 0;  // the time at which the load wanted it to begin
  TimeNs started_ns = 0;
  TimeNs give_up_ns = 0;
};

}  // namespace dkv::sim
