// The record of a run, as far as the questions of this room need it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/ports/observation.h"
#include "engine/protocol/client.h"
#include "engine/protocol/messages.h"
#include "sim/faults/fault.h"
#include "sim/verdict/result.h"
#include "sim/watch/event_kind.h"
#include "sim/watch/observer.h"
#include "sim/why/chain.h"

namespace dkv::why {

// A fault, and the time during which it was on.
struct FaultSpan {
  sim::Fault fault;
  Moment begins, ends;

  bool on_at(EventNumber event) const noexcept {
    return begins.event <= event && (!ends.happened() || event < ends.event);
  }
};

struct NodeStep {
  NodeId node = kNoNode;
  sim::NodeChange change = sim::NodeChange::kStarted;
  Moment when;
};

struct Said {
  NodeId node = kNoNode;
  Observation what;
  Moment when;
};

// The first heartbeat of a peer in a life of the node. Before it, the node sends nothing to the peer.
struct Heard {
  NodeId node = kNoNode;
  NodeId from = kNoNode;
  Moment when;
};

// One message of an operation to one node, and its answer.
struct Contact {
  NodeId node = kNoNode;
  NodeId stands_in_for = kNoNode;  // kNoNode: it is asked as a primary, or to read
  bool own = false;                // the coordinator asks itself: there is no message
  Moment asked;                    // the message was sent
  Moment lost;                     // the network lost it
  Moment arrived;                  // at a process that took it, or found none
  bool nobody = false;             // the process was down when it arrived
  bool held_back = false;          // the process stood still or was slow when it came first
  Moment answered;                 // the answer was sent
  Moment answer_lost;
  Moment answer_arrived;
  bool stored = false;  // writes: the answer says that the copy is durable
  ObjectPtr answer;     // reads: the answered state
};

// An operation of a client.
struct Operation {
  std::uint64_t token = 0;
  std::uint32_t session = 0;
  std::string who;  // "alice", "client 3"
  sim::OperationKind kind = sim::OperationKind::kGet;
  Key key;
  WriteTag tag = 0;  // writes
  std::string value;
  bool blind = false;  // a write without a context
  QuorumMode mode = QuorumMode::kSloppy;
  std::uint32_t need = 0, need_primary = 0;
  int step_line = 0;  // of the scripted step's expectation; 0: none

  NodeId via = kNoNode;   // the node that the client asked
  NodeId home = kNoNode;  // of the client; set when the network lost a message on its way
  Moment request_lost, reply_lost;
  NodeId coordinator = kNoNode;  // kNoNode: no node began to coordinate it
  Moment asked;                  // the request arrived at `via`
  Moment refused_connection;     // the client found no process at a node; the last time
  NodeId refused_by = kNoNode;
  Moment forwarded;  // `via` sent it on
  NodeId forwarded_to = kNoNode;
  Contact forward;     // that message
  Moment coordinated;  // the coordinator began
  std::vector<Contact> contacts;
  ObjectPtr own_state;  // of the coordinator when it began
  Moment replied;       // the coordinator answered
  Moment finished;      // the client has the answer, or gave up
  TimeNs due_ns = 0, started_ns = 0;
  bool gave_up = false;
  Outcome outcome = Outcome::kUnknown;
  Reason reason = Reason::kNone;
  AckSummary acks;
  ObjectPtr answer;

  bool write() const noexcept { return kind != sim::OperationKind::kGet; }
  bool done() const noexcept { return finished.happened() && !gave_up && outcome == Outcome::kDone; }
};

// The event during which a state changed.
struct Origin {
  sim::EventKind kind = sim::EventKind::kPoll;
  NodeId from = kNoNode;  // messages: the sender
  const char* message = nullptr;
  CopyReason reason = CopyReason::kWrite;  // ReplicaPut
  TimeNs sent_ns = 0;
  ObjectPtr carried;  // the state of the key that the message brought
};

// A node's state of a followed key has changed: in its process, or on its disk.
struct Change {
  Moment when;
  std::uint32_t key = 0;  // index in Record::keys
  NodeId node = kNoNode;
  NodeId owner = kNoNode;  // the primary that the hint is for; kNoNode: the node's own copy
  bool on_disk = false;
  bool serving = false;     // the process had begun to serve when this happened
  ObjectPtr before, after;  // null: nothing
  Origin origin;
};

// A message that brings a state of a followed key outside of an operation: a hint on its way to its owner, or a repair.
struct Transfer {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  CopyReason reason = CopyReason::kHintDelivery;
  Key key;
  OpId op = kNoOp;  // of the sender; kNoOp: no answer is wanted
  ObjectPtr object;
  Moment sent, lost, arrived;
  bool nobody = false;  // the process was down when it arrived
  Moment answered, answer_lost, answer_arrived;
};

struct Found {
  sim::Violation violation;
  Moment when;
};

struct Stale {
  sim::StaleRead read;
  Moment when;
};

struct Record {
  std::vector<Key> keys;  // that are followed
  std::vector<FaultSpan> faults;
  std::vector<NodeStep> nodes;
  std::vector<Heard> heard;
  std::vector<Said> peers;           // kPeerReachable, kPeerUnreachable, kStorageFailed, kRecovered, kServing
  std::vector<Said> said;            // about a followed key, or of a counted kind
  std::vector<Change> changes;       // of the followed keys
  std::vector<Transfer> transfers;   // of the followed keys
  std::deque<Operation> operations;  // that are kept, by the time of their beginning
  std::uint64_t failed = 0;          // operations that were not done; those beyond the limit are not kept
  std::vector<Found> violations;
  std::vector<Stale> stale;
  Moment heal, end;
  std::uint64_t left_off = 0;  // entries beyond a limit

  // Null: not in the record.
  const Operation* write(WriteTag tag) const noexcept;
};

}  // namespace dkv::why
