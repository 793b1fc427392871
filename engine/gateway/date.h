#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dkv::http {

// The seconds since 1970 of an HTTP-date in any of its three forms (RFC 9110, 5.6.7); nothing when the text is no
// HTTP-date. A year of two digits is one of 1970 to 2069.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace dkv::http
