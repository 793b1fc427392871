#pragma once

#include <nlohmann/json.hpp>

#include "sim/result.h"
#include "sim/scenario.h"

namespace dkv::cli {

// One run for machines; docs/scenarios.md lists the metrics that stand under "stats". Times are in seconds, latencies
// in milliseconds.
nlohmann::ordered_json result_json(const sim::RunResult& result, const sim::Scenario& scenario);

// One line. Bytes that are no UTF-8 are replaced, for JSON can't carry them.
std::string json_line(const nlohmann::ordered_json& json);
// A whole number as such, anything else as a fraction.
nlohmann::ordered_json json_number(double value);

}  // namespace dkv::cli
