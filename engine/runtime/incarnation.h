#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

// The number of this life of the node, greater than that of every earlier one on this folder, and durable before this
// returns. It is at least the seconds since 2020: a node whose folder was emptied goes on above what its peers have
// heard of it. The folder exists and is locked by this process.
Result<Incarnation> next_incarnation(const std::filesystem::path& folder, TimeNs wall_now_ns);

}  // namespace dkv
