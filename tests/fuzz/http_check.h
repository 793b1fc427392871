// Properties that hold for any bytes from a client.
#pragma once

#include <string_view>

#include "engine/core/assert.h"
#include "tests/runtime/http/parser_feed.h"

namespace dkv::testing {

// Parses the bytes at once and in pieces. Aborts unless the results are equal and within the limits. Returns the
// number of requests.
inline std::size_t check_http(std::string_view bytes) {
  // Small limits, so that the fuzzer reaches them.
  constexpr http::ParserLimits kLimits{.header_bytes_max = 1024, .body_bytes_max = 256};
  const http::Taken whole = http::feed(bytes, {}, kLimits);
  for (const std::size_t piece : {1, 2, 7, 64}) DKV_ASSERT(http::same(whole, http::feed(bytes, {piece}, kLimits)));
  for (const http::Request& request : whole.requests) {
    DKV_ASSERT(request.body.size() <= kLimits.body_bytes_max);
    DKV_ASSERT(request.headers.size() <= http::kFieldsMax);
    for (const auto& [name, value] : request.headers) {
      DKV_ASSERT(!name.empty() && name.find_first_of("\r\n: ") == std::string::npos);
      DKV_ASSERT(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    // A length that could be read in two ways is refused.
    DKV_ASSERT(request.header("transfer-encoding") == nullptr || request.header("content-length") == nullptr);
    DKV_ASSERT(request.minor_version == 0 || request.header("host") != nullptr);
  }
  if (whole.failure) DKV_ASSERT(whole.failure->status >= 400 && !whole.failure->what.empty());
  return whole.requests.size();
}

}  // namespace dkv::testing
