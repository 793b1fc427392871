#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/ports/event.h"
#include "engine/ports/observation.h"
#include "engine/ports/outbox.h"
#include "sim/faults/fault.h"
#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/watch/event_kind.h"
#include "sim/watch/moment.h"

namespace dkv::sim {

// One event as it is carried out, for traces. Pointers are valid during the call only.
struct EventView {
  TimeNs at_ns = 0;
  std::uint64_t number = 0;  // of the event in the run, from 1
  EventKind kind = EventKind::kPoll;
  NodeId node = kNoNode;     // the node where it happens
  NodeId from = kNoNode;     // messages: the sender
  std::uint64_t detail = 0;  // timer kind, append id, token, session, fault index
  const Message* message = nullptr;
  const ClientRequest* request = nullptr;
  const ClientReply* reply = nullptr;
  NodeId client_home = kNoNode;  // requests and replies: the home node of the client
  NodeId answered_by = kNoNode;  // replies
  TimeNs sent_ns = 0;            // the time when it was scheduled; for messages, when it was sent
  Cause cause = 0;
  enum class Taken : std::uint8_t {
    kNow,
    kLater,   // its process stands still or is slow: the same event comes again later
    kNobody,  // its process is down
  };
  Taken taken = Taken::kNow;
};

enum class NodeChange : std::uint8_t { kStarted, kCrashed, kLostPower, kWiped, kPaused, kResumed };

// A finished operation of a client, as the client sees it.
struct OperationView {
  TimeNs due_ns = 0;  // the time at which the load wanted it to begin; latencies count from here
  TimeNs started_ns = 0;
  TimeNs finished_ns = 0;
  OperationKind kind = OperationKind::kGet;
  std::uint32_t session = 0;
  const char* session_name = nullptr;  // scripted sessions only
  NodeId via = kNoNode;
  const Key* key = nullptr;
  const Blob* value = nullptr;         // puts
  WriteTag tag = 0;                    // writes
  const ClientReply* reply = nullptr;  // null: the client gave up waiting
  const Step* step = nullptr;          // scripted sessions only
};

// Follows a run. It is passed to each step and never stored in the world, so that copies of the world have none.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(const EventView&) {}
  // Called just before on_fault() with the number of the fault, see World::faults_on().
  virtual void on_fault_number(std::uint32_t) {}
  virtual void on_fault(const Fault&, bool /*begins*/, TimeNs) {}
  virtual void on_node(NodeId, NodeChange, TimeNs) {}
  // A node has handled an event. These are its effects, before any of them is carried out.
  virtual void on_turn(NodeId, std::span<const Effect>, TimeNs) {}
  virtual void on_observation(NodeId, const Observation&, TimeNs) {}
  virtual void on_operation(const OperationView&) {}
  virtual void on_heal(TimeNs) {}
  virtual void on_converged(TimeNs) {}
  virtual void on_violation(const Violation&) {}
  // After the operation or the change that brought it, in the same event.
  virtual void on_setback(const Setback&) {}
  // A command was carried out. number: from 0, over the whole run.
  virtual void on_command(const Command&, std::uint64_t /*number*/, TimeNs) {}
  // The network lost a message when it was sent. Called only when wants_events().
  virtual void on_lost(const Flight&, TimeNs) {}
  // True when on_event() should be called. Traces need that cost, stories do not.
  virtual bool wants_events() const { return false; }
};

}  // namespace dkv::sim
