#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/ports/disk.h"

namespace dkv {

// "000000000012.seg", "000000000012.snap": at least twelve digits, so that a folder's listing sorts as the numbers do.
std::string file_text(FileName name);

// Nothing for a name that file_text() never gives, number 0 included.
std::optional<FileName> parse_file_name(std::string_view text) noexcept;

}  // namespace dkv
