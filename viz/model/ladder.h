#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world.h"
#include "viz/model/branch.h"
#include "viz/model/records.h"

namespace dkv::viz {

// The space-time diagram: a row for each node, for each named session, and one for all clients of the load.
struct LadderRow {
  enum class Kind : std::uint8_t { kNode, kSession, kLoad };
  Kind kind = Kind::kNode;
  NodeId node = kNoNode;
  std::uint32_t session = 0;
  std::string name;
};

// A message on its way from one row to another.
struct LadderMessage {
  enum class End : std::uint8_t {
    kArrived,
    kNobodyThere,  // its process was down
    kLater,        // its process stood still or was slow: comes again
    kDropped,      // by a command; or lost by the network when it was sent: then to_ns is from_ns
    kFlying,       // not there yet at the moment that is shown; to_ns is when it will be, or -1
  };
  std::uint32_t from_row = 0;
  std::uint32_t to_row = 0;
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;
  EventNumber event = 0;  // its arrival; 0: none has been
  sim::Cause cause = 0;   // who sent it
  EventKind kind = EventKind::kMessage;
  std::uint8_t message = 0xff;  // see EventRecord
  sim::Leg leg = sim::Leg::kWrite;
  KeyNumber key = kNoKey;
  End end = End::kArrived;
};

// Something that happens at one row: an event that is no message.
struct LadderTick {
  std::uint32_t row = 0;
  TimeNs at_ns = 0;
  EventNumber event = 0;
  EventKind kind = EventKind::kTimer;
};

// A node that is not there, or stands still, over a stretch of time.
struct LadderShade {
  std::uint32_t row = 0;
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;
  bool down = false;  // else it stands still
};

struct Ladder {
  std::vector<LadderRow> rows;
  std::vector<LadderMessage> messages;  // ascending by event; those that are flying last
  std::vector<LadderTick> ticks;
  std::vector<LadderShade> shades;
  bool complete = true;  // false: parts of the window are not at hand (Session::want()), or it holds more than `most`
};

std::vector<LadderRow> ladder_rows(const sim::World& world);

// What happens in [from_ns, to_ns] as far as the branch has been played, and what is on its way at world's moment.
// heartbeats: whether these are wanted; most: messages and ticks.
Ladder ladder(const Branch& branch, const sim::World& world, KeyTable& keys, TimeNs from_ns, TimeNs to_ns,
              bool heartbeats, std::size_t most);

// The events from which this one came, nearest first: the message that it was sent in answer to, and so on, back to
// a client, a timer or the beginning. Stops where the log is not at hand.
std::vector<EventNumber> causes_of(const EventLog& log, EventNumber event);
// The events up to `last` that came of this one, ascending; timers and a client's next operation are not followed.
std::vector<EventNumber> effects_of(const EventLog& log, EventNumber event, EventNumber last);

// "ReplicaPut", "request": what an event is called.
const char* event_name(const EventRecord& record) noexcept;

}  // namespace dkv::viz
