// The events that can be scheduled in a world, one struct for each kind. All are plain values.
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

// kCode identifies the kind in fingerprints. It never changes, and no other kind gets it. (3 and 4 have been used.)
struct Dropped {  // a message that a command has removed
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
// A fault will return a disk to this moment: the world keeps a copy of the state that it needs.
struct MomentComes {
  static constexpr std::uint64_t kCode = 17;
  std::uint32_t index = 0;
};
struct Heal {
  static constexpr std::uint64_t kCode = 12;
};
struct Poll {  // checks whether all replicas are equal again
  static constexpr std::uint64_t kCode = 13;
};
struct DiskEnds {
  static constexpr std::uint64_t kCode = 14;
  NodeId node = kNoNode;
  DiskFolder::OperationId operation = 0;
  FileName file;                // of an append or a sync
  AppendId upto = 0;            // of an append: the appends that are durable when it has ended; 0: none
  std::uint64_t end_bytes = 0;  // of an append
  bool sync = false;            // the bytes of the file are durable when it has ended
};
struct DiskAnswers {  // an answer that a process has not received yet, because it stood still or was slow
  static constexpr std::uint64_t kCode = 15;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  DiskDone done;
};
struct Respawn {  // a supervisor starts a process again after its disk failed
  static constexpr std::uint64_t kCode = 16;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
};

struct ConnectionEnds {  // a node learns that its connection to a peer was reset or refused
  static constexpr std::uint64_t kCode = 18;
  NodeId node = kNoNode;
  NodeId peer = kNoNode;
  Incarnation incarnation = 0;  // of the node, when the connection ended
};

using WorldEvent =
    std::variant<Dropped, Delivery, TimerDue, RequestArrives, ReplyArrives, WakeToBegin, WakeToGiveUp, NextArrival,
                 FaultBegins, FaultEnds, MomentComes, Heal, Poll, DiskEnds, DiskAnswers, Respawn, ConnectionEnds>;

struct Scheduled {
  WorldEvent what;
  Incarnation slowed_in = 0;  // the life of its node that delayed the event; 0: none did
  TimeNs sent_ns = 0;
  Cause cause = 0;
};

// A message that a clog holds back.
struct Undelivered {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Leg leg = Leg::kWrite;
  Scheduled event;
};

// --- world_trace.cpp
// The fingerprint after one more event: its kind, its time, and enough of its content to distinguish two runs.
std::uint64_t fingerprint_with(std::uint64_t fingerprint, const Scheduled& event, TimeNs now_ns);
// The event as an observer sees it. The event's number and the fields about clients and machines are not filled in.
EventView view_of(const Scheduled& event, TimeNs now_ns);
// The event as a message. Its name is empty when the event is no message.
Flight flight_of(const Scheduled& event);

}  // namespace dkv::sim
