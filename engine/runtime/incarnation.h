#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

// Returns the incarnation of a new life. It exceeds that of every earlier life in this folder, and it is durable
// before this returns. It is at least the number of seconds since 2020, so that a node whose folder was emptied is
// above the lives that its peers have heard. The folder exists and is locked by this process.
Result<Incarnation> next_incarnation(const std::filesystem::path& folder, TimeNs wall_now_ns);
// The life before, by this folder alone; 0: none is known.
Incarnation last_incarnation(const std::filesystem::path& folder);
// Makes the next life of this folder exceed `floor`, a life of which peers have told; durable before this returns. It
// does not count as a life of this folder.
Result<void> exceed_incarnation(const std::filesystem::path& folder, Incarnation floor);

}  // namespace dkv
