#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/gateway/message.h"

namespace dkv::http {

// All lines of one name as a single list (RFC 9110, 5.3); nothing when there is no such line. name: in lower case.
std::optional<std::string> joined_header(const Request& request, std::string_view name);

}  // namespace dkv::http
