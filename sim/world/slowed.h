#pragma once

#include <optional>

#include "engine/core/types.h"
#include "sim/kernel/event_queue.h"
#include "sim/world/events.h"

namespace dkv::sim {

// A slow disk or process draws its delay when a request or an event comes, so the delay can outlive the fault by hours.
// The heal calls this. If such a delay lasts for more than a second, then all pending answers of disks and all events
// of slow processes come at once, in the order in which they would have come. Otherwise the run would judge the store
// by a fault that has ended.
// Returns their time, or nothing when no event has another time than before.
std::optional<TimeNs> end_slowness(EventQueue<Scheduled>& queue, TimeNs now_ns);

}  // namespace dkv::sim
