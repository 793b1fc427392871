// What can be scheduled in a world: one struct for each kind of event. Plain values.
#pragma once

#include <cstdint>
#include <variant>

#include "engine/ports/event.h"
#include "engine/protocol/client.h"
#include "engine/protocol/messages.h"
#include "sim/disk/disk_folder.h"
#include "sim/watch/moment.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// kCode stands for the kind in fingerprints: it never changes and never goes to another kind. (3 and 4 are used up.)
struct Dropped {  // a message that a command took away
  static constexpr std::uint64_t kCode = 0;
};
struct Delivery {
  static constexpr std::uint64_t kCode = 1;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Message message;
};
struct TimerDue {
  static constexpr std::uint64_t kCode = 2;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  TimerFired timer;
};
struct RequestArrives {
  static constexpr std::uint64_t kCode = 5;
  NodeId node = kNoNode;
  std::uint64_t token = 0;
  ClientRequest request;
};
struct ReplyArrives {
  static constexpr std::uint64_t kCode = 6;
  std::uint64_t token = 0;
  bool connection_refused = false;
  NodeId from = kNoNode;
  ClientReply reply;
};
struct WakeToBegin {
  static constexpr std::uint64_t kCode = 7;
  std::uint32_t session = 0;
};
struct WakeToGiveUp {
  static constexpr std::uint64_t kCode = 8;
  std::uint32_t session = 0;
};
struct NextArrival {
  static constexpr std::uint64_t kCode = 9;
};
struct FaultBegins {
  static constexpr std::uint64_t kCode = 10;
  std::uint32_t index = 0;
};
struct FaultEnds {
  static constexpr std::uint64_t kCode = 11;
  std::uint32_t index = 0;
};
// A fault that comes later needs to know what is now.
struct MomentComes {
  static constexpr std::uint64_t kCode = 17;
  std::uint32_t index = 0;
};
struct Heal {
  static constexpr std::uint64_t kCode = 12;
};
struct Poll {  // whether all is equal again
  static constexpr std::uint64_t kCode = 13;
};
struct DiskEnds {
  static constexpr std::uint64_t kCode = 14;
  NodeId node = kNoNode;
  DiskFolder::OperationId operation = 0;
  FileName file;                // of an append or a sync
  AppendId upto = 0;            // of an append: what counts as durable when it has ended; 0: nothing
  std::uint64_t end_bytes = 0;  // of an append
  bool sync = false;            // the file's bytes are durable when it has ended
};
struct DiskAnswers {  // what a process that stood still, or was slow, has not taken yet
  static constexpr std::uint64_t kCode = 15;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  DiskDone done;
};
struct Respawn {  // a supervisor starts a process again that its disk has failed
  static constexpr std::uint64_t kCode = 16;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
};

using WorldEvent =
    std::variant<Dropped, Delivery, TimerDue, RequestArrives, ReplyArrives, WakeToBegin, WakeToGiveUp, NextArrival,
                 FaultBegins, FaultEnds, MomentComes, Heal, Poll, DiskEnds, DiskAnswers, Respawn>;

struct Scheduled {
  WorldEvent what;
  Incarnation slowed_in = 0;  // the life of its node that was slow to take it; 0: none was
  TimeNs sent_ns = 0;
  Cause cause = 0;
};

// A message that a clog keeps from leaving.
struct Undelivered {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Leg leg = Leg::kWrite;
  Scheduled event;
};

// --- world_trace.cpp
// Enough of an event to tell two runs apart.
std::uint64_t fingerprint_with(std::uint64_t fingerprint, const Scheduled& event, TimeNs now_ns);
// What an observer is told; all but the event's number, and the fields about clients and machines.
EventView view_of(const Scheduled& event, TimeNs now_ns);
// The message that the event is; its name is empty when it is none.
Flight flight_of(const Scheduled& event);

}  // namespace dkv::sim
