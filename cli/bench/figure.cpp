#include "cli/bench/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/terminal/json.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

std::string shown_value(const Figure& figure, double value) {
  if (figure.unit == "/s") return rate(value) + "/s";
  const int digits = value < 100 && value != std::floor(value) ? 2 : 0;
  return fmt::format("{:.{}f}{}{}", value, digits, figure.unit.empty() ? "" : " ", figure.unit);
}

}  // namespace

void print_figures(std::span<const Figure> figures, Page& page) {
  for (const Figure& figure : figures) {
    std::string line = fmt::format("  {:<54}{:>12}", figure.what, shown_value(figure, figure.value));
    if (figure.aim != Figure::Aim::kNone) {
      line += fmt::format("   {} {}: {}", figure.aim == Figure::Aim::kAtLeast ? "at least" : "at most",
                          shown_value(figure, figure.target), figure.met() ? "met" : "MISSED");
    }
    page.line(line, figure.met() ? Tone::kPlain : Tone::kBad);
  }
}

Json figures_json(std::span<const Figure> figures) {
  Json json = Json::object();
  for (const Figure& figure : figures) {
    Json one = {{"value", json_number(figure.value)}, {"unit", figure.unit}};
    if (figure.aim != Figure::Aim::kNone) {
      one[figure.aim == Figure::Aim::kAtLeast ? "at_least" : "at_most"] = json_number(figure.target);
      one["met"] = figure.met();
    }
    json[figure.name] = std::move(one);
  }
  return json;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> numbers) {
  return percentile(std::move(numbers), 50);
}

double percentile(std::vector<double> numbers, double percent) {
  const auto rank = static_cast<std::size_t>(static_cast<double>(numbers.size()) * percent / 100);
  const auto at = numbers.begin() + static_cast<std::ptrdiff_t>(std::min(rank, numbers.size() - 1));
  std::ranges::nth_element(numbers, at);
  return *at;
}

}  // namespace dkv::cli
