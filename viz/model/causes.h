#pragma once

#include <vector>

#include "viz/model/event_log.h"

namespace dkv::viz {

// The events from which this one came, nearest first: the message that it was sent in answer to, and so on, back to
// a client, a timer or the beginning. Stops where the log is not at hand.
std::vector<EventNumber> causes_of(const EventLog& log, EventNumber event);
// The events up to `last` that came of this one, ascending; timers and a client's next operation are not followed.
std::vector<EventNumber> effects_of(const EventLog& log, EventNumber event, EventNumber last);

}  // namespace dkv::viz
