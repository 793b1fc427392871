#include "engine/gateway/header_list.h"

namespace dkv::http {

std::optional<std::string> joined_header(const Request& request, std::string_view name) {
  std::optional<std::string> joined;
  for (const auto& [key, value] : request.headers) {
    if (key != name) continue;
    if (joined) {
      *joined += ", " + value;
    } else {
      joined = value;
    }
  }
  return joined;
}

}  // namespace dkv::http
