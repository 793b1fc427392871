#pragma once

#include <cstdint>

#include "engine/core/types.h"

namespace dkv {

// The state that anti-entropy keeps between rounds.
struct AntiEntropy {
  NodeId last_peer = kNoNode;  // the peer of the last round
  std::uint64_t excerpts = 0;  // the number of key lists that were too long for one message
};

}  // namespace dkv
