#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/core/result.h"

namespace dkv {

// Small files beside the log of a node. A file holds its old text or its new one, whole, even after a power loss.
Result<void> write_durably(const std::filesystem::path& folder, const std::string& name, const std::string& text);
// Nothing when there is no such file. Fails when it cannot be read, or is longer than bytes_max.
Result<std::optional<std::string>> read_small_file(const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace dkv
