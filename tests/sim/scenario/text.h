// Shared by tests of the scenario format.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/load.h"
#include "tests/catch.h"

namespace dkv::sim {

inline Scenario load_good(const std::string& text, const std::vector<std::string>& overrides = {}) {
  auto loaded = load_scenario_text(text, "story.yaml", overrides);
  if (!loaded) FAIL(to_string(loaded.error()));
  return std::move(*loaded);
}

// All complaints, one a line; empty when the text is fine.
inline std::string complaints_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto loaded = load_scenario_text(text, "story.yaml", overrides);
  return loaded ? "" : to_string(loaded.error());
}

// The only complaint, without the newline.
inline std::string complaint_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto loaded = load_scenario_text(text, "story.yaml", overrides);
  REQUIRE_FALSE(loaded);
  CAPTURE(to_string(loaded.error()));
  REQUIRE(loaded.error().size() == 1);
  return to_string(loaded.error()[0]);
}

}  // namespace dkv::sim
