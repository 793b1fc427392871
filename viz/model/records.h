// Records of a run's events, for views that show more than one moment. Small plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/blob.h"
#include "engine/core/key.h"
#include "engine/core/types.h"
#include "sim/watch/event_kind.h"
#include "sim/watch/moment.h"
#include "sim/watch/observer.h"

namespace dkv::viz {

// Events are numbered from 1. Moment N is the state after N events and the commands before the next event. Moment 0
// is the beginning.
using EventNumber = std::uint64_t;
using KeyNumber = std::uint32_t;  // see KeyTable
inline constexpr KeyNumber kNoKey = ~KeyNumber{0};
inline constexpr std::uint16_t kNobody = 0xffff;  // stands for kNoNode in records

inline std::uint16_t short_node(NodeId node) {
  return node == kNoNode ? kNobody : static_cast<std::uint16_t>(node);
}
inline NodeId long_node(std::uint16_t node) {
  return node == kNobody ? kNoNode : node;
}

using sim::EventKind;
using sim::is_message;

struct EventRecord {
  TimeNs at_ns = 0;
  TimeNs sent_ns = 0;            // the time when it was scheduled; a message was sent then
  sim::Cause cause = 0;          // see sim/watch/moment.h
  std::uint64_t detail = 0;      // TimerKind; append id; a client's token (session << 32 | serial); number of the fault
  KeyNumber key = kNoKey;        // the key that the message is about, if it is a single one
  std::uint16_t node = kNobody;  // the node where it happened; kReply: the client's home node
  std::uint16_t from = kNobody;  // messages: the sender; kRequest: the client's home node
  EventKind kind = EventKind::kPoll;
  std::uint8_t message = 0xff;  // kMessage: the index in Message
  sim::EventView::Taken taken = sim::EventView::Taken::kNow;
  sim::Leg leg = sim::Leg::kWrite;  // messages

  std::uint32_t session() const noexcept { return static_cast<std::uint32_t>(detail >> 32); }  // requests and replies
};
static_assert(sizeof(EventRecord) == 48);

enum class NoteKind : std::uint8_t {
  kObserved,     // what: Observed; peer, number, key as in the observation
  kNode,         // what: sim::NodeChange
  kFaultBegins,  // number: of the fault
  kFaultEnds,
  kHeal,
  kConverged,
  kCommand,  // number: index in the branch's commands
  kLost,     // a message that the network lost when it was sent. what: sim::Leg; node: the sender; peer: the receiver
};

// A report during an event, or from a command after it. event 0: at the beginning.
struct Note {
  EventNumber event = 0;
  TimeNs at_ns = 0;
  std::uint64_t number = 0;
  KeyNumber key = kNoKey;
  std::uint16_t node = kNobody;
  std::uint16_t peer = kNobody;
  NoteKind kind = NoteKind::kObserved;
  std::uint8_t what = 0;
};
static_assert(sizeof(Note) == 40);

enum class OperationEnd : std::uint8_t { kDone, kRefused, kUnknown, kGaveUp };

// An operation of a client that has ended.
struct OperationRecord {
  EventNumber event = 0;  // the event that ended it
  TimeNs due_ns = 0;      // latencies count from here
  TimeNs started_ns = 0;
  TimeNs finished_ns = 0;
  WriteTag tag = 0;  // of the write; gets: of the first live sibling
  Blob value;        // puts: the written value; gets: the first live sibling
  KeyNumber key = kNoKey;
  std::uint32_t session = 0;
  std::uint16_t via = kNobody;
  std::uint16_t siblings = 0;  // gets: number of live siblings in the answer
  sim::OperationKind kind = sim::OperationKind::kGet;
  OperationEnd end = OperationEnd::kDone;
  Reason reason = Reason::kNone;
};

// A write's place among the writes of its session.
struct WriteNumber {
  std::uint32_t session = 0;
  std::uint32_t number = 0;  // from 1; 0: no node has been asked for it so far
  EventNumber event = 0;     // that asked for it
};

// A short form of it that is kept for the whole run. Curves are drawn from it.
struct OperationPoint {
  EventNumber event = 0;
  TimeNs finished_ns = 0;
  TimeNs latency_ns = 0;
  sim::OperationKind kind = sim::OperationKind::kGet;
  OperationEnd end = OperationEnd::kDone;
};

// An operation that went wrong: a stale read, or an acknowledged write that was lost or discarded.
struct FoundSetback {
  EventNumber event = 0;
  sim::Setback setback;
  std::string words;  // with its cause, as the story tells it
};

// A scripted step whose answer was not the expected one.
struct FailedStep {
  EventNumber event = 0;
  TimeNs at_ns = 0;
  std::string session;
  std::string why;
  int line = 0;  // of its expectation in the file
};

struct FoundViolation {
  EventNumber event = 0;
  sim::Violation violation;
};

// Numbers the keys, the same in all branches. It grows with the keys that clients use.
class KeyTable {
 public:
  KeyNumber number(const Key& key);
  // kNoKey when the key is unknown.
  KeyNumber find(const Key& key) const;
  const Key& key(KeyNumber number) const { return keys_[number]; }
  std::size_t size() const noexcept { return keys_.size(); }

 private:
  std::map<Key, KeyNumber> numbers_;
  std::vector<Key> keys_;
};

}  // namespace dkv::viz
