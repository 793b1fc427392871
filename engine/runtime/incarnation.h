#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

// Returns the incarnation of a new life. It exceeds that of every earlier life in this folder, and it is durable
// before this returns. It is at least the number of seconds since 2020, so that a node whose folder was emptied is
// above the lives that its peers have heard. The folder exists and is locked by this process.
Result<Incarnation> next_incarnation(const std::filesystem::path& folder, TimeNs wall_now_ns);

}  // namespace dkv
