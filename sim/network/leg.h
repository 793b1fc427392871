#pragma once

#include "engine/protocol/messages.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Which kind of traffic a message between nodes belongs to.
Leg leg_of(const Message& message) noexcept;

}  // namespace dkv::sim
