// What is remembered of a run's events, for views that show more than one moment. Plain values, small.
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

// Events are numbered from 1; moment N is the state after N events and what commands did before the next. Moment 0 is
// the beginning.
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
  TimeNs sent_ns = 0;            // when it was scheduled: a message left then
  sim::Cause cause = 0;          // who scheduled it, see sim/watch/moment.h
  std::uint64_t detail = 0;      // TimerKind; append id; a client's token (session << 32 | serial); number of the fault
  KeyNumber key = kNoKey;        // that the message is about, if it is about one
  std::uint16_t node = kNobody;  // where it happened; kReply: beside which the client lives
  std::uint16_t from = kNobody;  // messages: the sender; kRequest: beside which the client lives
  EventKind kind = EventKind::kPoll;
  std::uint8_t message = 0xff;  // kMessage: the index in Message
  sim::EventView::Taken taken = sim::EventView::Taken::kNow;
  sim::Leg leg = sim::Leg::kWrite;  // messages

  std::uint32_t session() const noexcept { return static_cast<std::uint32_t>(detail >> 32); }  // requests and replies
};
static_assert(sizeof(EventRecord) == 48);

enum class NoteKind : std::uint8_t {
  kObserved,     // what: Observed; peer, number, key as the node says
  kNode,         // what: sim::NodeChange
  kFaultBegins,  // number: of the fault
  kFaultEnds,
  kHeal,
  kConverged,
  kCommand,  // number: index in the branch's commands
  kLost,     // what: sim::Leg; node: the sender, peer: to whom. A message that the network lost when it was sent
};

// Something that happened during an event, or by a command after it. event 0: at the beginning.
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

// An operation of a client that has come to its end.
struct OperationRecord {
  EventNumber event = 0;  // that ended it
  TimeNs due_ns = 0;      // latencies count from here
  TimeNs started_ns = 0;
  TimeNs finished_ns = 0;
  WriteTag tag = 0;  // writes
  Blob value;        // puts: what was written; gets: the first live sibling
  KeyNumber key = kNoKey;
  std::uint32_t session = 0;
  std::uint16_t via = kNobody;
  std::uint16_t siblings = 0;  // gets: live ones in the answer
  sim::OperationKind kind = sim::OperationKind::kGet;
  OperationEnd end = OperationEnd::kDone;
  Reason reason = Reason::kNone;
};

// The same in short, kept for the whole run: what curves are drawn from.
struct OperationPoint {
  EventNumber event = 0;
  TimeNs finished_ns = 0;
  TimeNs latency_ns = 0;
  sim::OperationKind kind = sim::OperationKind::kGet;
  OperationEnd end = OperationEnd::kDone;
};

struct FoundViolation {
  EventNumber event = 0;
  sim::Violation violation;
};

// Small numbers for keys, the same in all branches. Grows with the keys that clients use.
class KeyTable {
 public:
  KeyNumber number(const Key& key);
  // kNoKey when the key was never seen.
  KeyNumber find(const Key& key) const;
  const Key& key(KeyNumber number) const { return keys_[number]; }
  std::size_t size() const noexcept { return keys_.size(); }

 private:
  std::map<Key, KeyNumber> numbers_;
  std::vector<Key> keys_;
};

}  // namespace dkv::viz
