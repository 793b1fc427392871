#pragma once

#include <vector>

#include "viz/model/event_log.h"

namespace dkv::viz {

// The chain of causes of the event, nearest first: the event in which its message was sent, and so on, back to a
// client, a timer or the beginning. Stops where the log has no record.
std::vector<EventNumber> causes_of(const EventLog& log, EventNumber event);
// The events up to `last` that this one caused, ascending. Timers and a client's next operation are not followed.
std::vector<EventNumber> effects_of(const EventLog& log, EventNumber event, EventNumber last);

}  // namespace dkv::viz
