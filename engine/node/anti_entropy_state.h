#pragma once

#include <cstdint>

#include "engine/core/types.h"

namespace dkv {

// What anti-entropy remembers between its messages.
struct AntiEntropy {
  NodeId last_peer = kNoNode;  // whom the last round went to
  std::uint64_t excerpts = 0;  // how many lists of keys were too long for one message
};

}  // namespace dkv
