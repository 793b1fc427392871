#pragma once

#include <string>

#include "tests/catch.h"

namespace dkv::cli {

// The first block of a Markdown page that begins with ```LANGUAGE. Fails the test when there is none.
inline std::string block_of(const std::string& page, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = page.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = page.find("```\n", begin + fence.size());
  REQUIRE(end != std::string::npos);
  return page.substr(begin + fence.size(), end - begin - fence.size());
}

}  // namespace dkv::cli
