#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dkv::viz {

// Short forms of the names, for places with little room. A name of at most `most` letters (at least 4) stays. A longer
// one keeps its beginning or, if others begin in the same way, the part that differs: "…a-1…". All short forms of
// different names are different, even if they must be longer than `most` for that. Letters are those of UTF-8.
std::vector<std::string> short_names(const std::vector<std::string>& names, std::size_t most);

}  // namespace dkv::viz
