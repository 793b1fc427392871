#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace dkv::cli {

// JSON whose fields keep their order. Parsing and writing are compiled in one file, because they are slow to compile.
using Json = nlohmann::ordered_json;

// The result is_discarded() when the text is not JSON.
Json parse_json(std::string_view text);
// The JSON on one line. Bytes that are not UTF-8 are replaced, because JSON cannot represent them.
std::string json_line(const Json& json);
// An integer if the value is one, otherwise a fraction.
Json json_number(double value);

}  // namespace dkv::cli
