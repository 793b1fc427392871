#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/ports/disk.h"

namespace dkv {

// "000000000012.seg", "000000000012.snap": at least twelve digits, so that a listing of the folder is sorted by
// number.
std::string file_text(FileName name);

// Empty for a name that file_text() never returns, including number 0.
std::optional<FileName> parse_file_name(std::string_view text) noexcept;

}  // namespace dkv
