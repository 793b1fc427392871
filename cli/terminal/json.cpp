#include "cli/terminal/json.h"

#include <cmath>

namespace dkv::cli {
namespace {

constexpr double kExactWholeMax = 9007199254740992.0;  // 2^53

}  // namespace

Json parse_json(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_number(double value) {
  if (std::floor(value) == value && std::abs(value) < kExactWholeMax) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace dkv::cli
