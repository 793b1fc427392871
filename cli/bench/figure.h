#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/terminal/json.h"
#include "cli/terminal/page.h"

namespace dkv::cli {

// One measured number of a benchmark.
struct Figure {
  enum class Aim : std::uint8_t { kNone, kAtLeast, kAtMost };
  std::string name;  // in JSON: lower case with underscores
  std::string what;
  double value = 0;
  std::string unit;
  Aim aim = Aim::kNone;
  double target = 0;
  bool met() const noexcept { return aim == Aim::kNone || (aim == Aim::kAtLeast ? value >= target : value <= target); }
};

// The time of the steady clock.
double wall_seconds();
// numbers must not be empty.
double median(std::vector<double> numbers);
// The smallest number that is not exceeded by `percent` of all.
double percentile(std::vector<double> numbers, double percent);

// One line for each figure: its name, its value, and whether it reaches its aim.
void print_figures(std::span<const Figure> figures, Page& page);
// {"name":{"value":…,"unit":…,"at_least":…,"met":…},…}
Json figures_json(std::span<const Figure> figures);

}  // namespace dkv::cli
