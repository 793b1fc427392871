#include <string>
#include <utility>
#include <vector>

#include "engine/input/units.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr Range<TimeNs> kAnyLatency{0, kDay};
constexpr Range<TimeNs> kShapeLatency{1, 3600 * kSecond};  // for shapes with a tail
constexpr std::size_t kPartsMax = 16;
constexpr std::size_t kTableRowsMax = 1000;
constexpr int kNestedMax = 3;
constexpr std::string_view kDistributionExample = "1ms or {uniform: [1ms, 5ms]}";

bool read_nested(const Yaml& value, std::string_view field, int depth, Distribution& out, Complaints& complaints);

bool read_uniform(const Yaml& value, Distribution& out, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items = read_list(value, "uniform", "[1ms, 5ms]", 1000, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (items.size() != 2) {
    complaints.add(value.place, "'uniform' has " + std::to_string(items.size()) + " items",
                   "the least and the greatest are needed, such as [1ms, 5ms]");
    return false;
  }
  TimeNs low = 0, high = 0;
  const bool low_good = read_duration(items[0], "uniform", kAnyLatency, low, complaints);
  const bool high_good = read_duration(items[1], "uniform", kAnyLatency, high, complaints);
  if (!low_good || !high_good) return false;
  if (low > high) {
    complaints.add(items[0].place, "'uniform' begins at " + quoted(items[0].text) + ", after its end",
                   "write the smaller one first");
    return false;
  }
  out = Distribution::uniform(low, high);
  return true;
}

bool read_exponential(const Yaml& value, Distribution& out, Complaints& complaints) {
  const Fields fields(value, "exponential", kExponentialKeys, complaints);
  TimeNs mean = 0;
  fields.need("mean", "2ms");
  if (!fields.duration("mean", kShapeLatency, mean)) return false;
  out = Distribution::exponential(mean);
  return true;
}

bool read_lognormal(const Yaml& value, Distribution& out, Complaints& complaints) {
  const Fields fields(value, "lognormal", kLognormalKeys, complaints);
  TimeNs median = 0, p99 = 0;
  fields.need("median", "1ms");
  fields.need("p99", "10ms");
  const bool median_good = fields.duration("median", kShapeLatency, median);
  const bool p99_good = fields.duration("p99", kShapeLatency, p99);
  if (!median_good || !p99_good) return false;
  if (median >= p99) {
    complaints.add(fields.place_of("p99"), "'p99' is not above 'median'",
                   "99 of 100 are below p99, 50 of 100 below the median");
    return false;
  }
  out = Distribution::lognormal(median, p99);
  return true;
}

bool read_pareto(const Yaml& value, Distribution& out, Complaints& complaints) {
  const Fields fields(value, "pareto", kParetoKeys, complaints);
  TimeNs least = 0, cap = 0;
  fields.need("least", "1ms");
  fields.need("cap", "2s");
  const Yaml* alpha_value = fields.need("alpha", "1.5");
  const bool least_good = fields.duration("least", kShapeLatency, least);
  const bool cap_good = fields.duration("cap", kShapeLatency, cap);
  if (alpha_value == nullptr || !is_word(*alpha_value, "alpha", "1.5", complaints)) return false;
  const auto alpha = parse_thousandths(alpha_value->text);
  if (!alpha || *alpha < 100 || *alpha > 100'000) {
    complaints.add(alpha_value->place, "'alpha' is " + quoted(alpha_value->text) + ", which is out of range",
                   "allowed: 0.1 to 100, at most three digits after the point; the smaller, the longer the tail");
    return false;
  }
  if (!least_good || !cap_good) return false;
  if (least >= cap) {
    complaints.add(fields.place_of("cap"), "'cap' is not above 'least'", "it is the greatest possible value");
    return false;
  }
  out = Distribution::pareto(least, *alpha, cap);
  return true;
}

bool read_mixture(const Yaml& value, int depth, Distribution& out, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items =
      read_list(value, "mixture", "[{weight: 99, latency: 1ms}, {weight: 1, latency: 50ms}]", kPartsMax, complaints);
  if (value.kind == Yaml::Kind::kList && value.items.empty()) {
    complaints.add(value.place, "'mixture' has no parts", "such as [{weight: 1, latency: 1ms}]");
  }
  std::vector<std::pair<std::uint32_t, Distribution>> parts;
  for (const Yaml& item : items) {
    const Fields fields(item, "mixture", kPartKeys, complaints);
    std::uint32_t weight = 1;
    fields.whole("weight", {1, 1'000'000}, weight);
    const Yaml* latency = fields.need("latency", "1ms");
    Distribution part;
    if (latency != nullptr && read_nested(*latency, "latency", depth + 1, part, complaints)) {
      parts.emplace_back(weight, std::move(part));
    }
  }
  if (complaints.size() != before || parts.size() != items.size() || parts.empty()) return false;
  out = Distribution::mixture(parts);
  return true;
}

bool read_row(const Yaml& item, std::pair<std::uint32_t, TimeNs>& row, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto cells = read_list(item, "table", "[50%, 2ms]", 1000, complaints);
  if (complaints.size() != before || item.kind != Yaml::Kind::kList) return false;
  if (cells.size() != 2) {
    complaints.add(item.place, "a row of 'table' has " + std::to_string(cells.size()) + " items",
                   "a percentage and a duration are needed, such as [50%, 2ms]");
    return false;
  }
  std::uint32_t ppm = 0;
  const bool share_good = read_percent(cells[0], "table", ppm, complaints);
  const bool duration_good = read_duration(cells[1], "table", kAnyLatency, row.second, complaints);
  if (share_good && ppm % 100 != 0) {
    complaints.add(cells[0].place, quoted(cells[0].text) + " is finer than a table can hold",
                   "at most two digits after the point, such as 99.99%");
    return false;
  }
  row.first = ppm / 100;
  return share_good && duration_good;
}

bool read_table(const Yaml& value, Distribution& out, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items = read_list(value, "table", "[[0%, 1ms], [50%, 2ms], [100%, 9ms]]", kTableRowsMax, complaints);
  std::vector<std::pair<std::uint32_t, TimeNs>> rows;
  for (const Yaml& item : items) {
    std::pair<std::uint32_t, TimeNs> row;
    if (!read_row(item, row, complaints)) continue;
    if (!rows.empty() && (row.first <= rows.back().first || row.second < rows.back().second)) {
      complaints.add(item.place, "a row of 'table' does not grow",
                     "percentages grow from row to row, and durations never shrink");
    }
    rows.push_back(row);
  }
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (rows.size() < 2 || rows.front().first != 0 || rows.back().first != 10'000) {
    complaints.add(value.place, "'table' does not reach from 0% to 100%",
                   "such as [[0%, 1ms], [50%, 2ms], [100%, 9ms]]");
    return false;
  }
  out = Distribution::table(rows);
  return true;
}

bool read_nested(const Yaml& value, std::string_view field, int depth, Distribution& out, Complaints& complaints) {
  if (value.kind == Yaml::Kind::kWord) {
    TimeNs constant = 0;
    if (!read_duration(value, field, kAnyLatency, constant, complaints)) return false;
    out = Distribution::constant(constant);
    return true;
  }
  if (value.kind != Yaml::Kind::kMap) return is_word(value, field, kDistributionExample, complaints);
  const std::size_t before = complaints.size();
  const Fields fields(value, field, kDistributionKeys, complaints);
  if (complaints.size() != before) return false;
  if (value.entries.size() != 1) {
    complaints.add(value.place, "'" + std::string(field) + "' has " + std::to_string(value.entries.size()) + " shapes",
                   "exactly one of: " + list_words(kDistributionKeys.keys));
    return false;
  }
  if (depth > kNestedMax) {
    complaints.add(value.place, "mixtures are nested too deep", "at most " + std::to_string(kNestedMax));
    return false;
  }
  const Yaml& shape = value.entries[0].value;
  const std::string& name = value.entries[0].key.text;
  if (name == "uniform") return read_uniform(shape, out, complaints);
  if (name == "exponential") return read_exponential(shape, out, complaints);
  if (name == "lognormal") return read_lognormal(shape, out, complaints);
  if (name == "pareto") return read_pareto(shape, out, complaints);
  if (name == "mixture") return read_mixture(shape, depth, out, complaints);
  return read_table(shape, out, complaints);
}

}  // namespace

bool read_distribution(const Yaml& value, std::string_view field, Distribution& out, Complaints& complaints) {
  return read_nested(value, field, 0, out, complaints);
}

}  // namespace dkv::sim
