#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace dkv::cli {

// Fields stay in the order in which they were written. Reading and writing are compiled in one place: they take long.
using Json = nlohmann::ordered_json;

// is_discarded() when the text is no JSON.
Json parse_json(std::string_view text);
// One line. Bytes that are no UTF-8 are replaced, for JSON can't carry them.
std::string json_line(const Json& json);
// A whole number as such, anything else as a fraction.
Json json_number(double value);

}  // namespace dkv::cli
