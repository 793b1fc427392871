#include "cli/bench/figure.h"

#include <fmt/format.h>

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

}  // namespace dkv::cli
