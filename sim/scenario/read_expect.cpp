#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/units.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

namespace {

constexpr std::size_t kExpectationsMax = 200;
constexpr std::string_view kExpectationExample = "stale_reads == 0";

bool is_percentage(std::string_view metric) {
  return metric.starts_with("availability") || metric.ends_with("_percent");
}

// The three words, split at the operator. Spaces around it are optional.
struct Parts {
  std::string_view metric, compare, number;
  int compare_at = 0, number_at = 0;  // bytes from the beginning
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Parts split(std::string_view text) {
  constexpr std::string_view kSigns = "=!<>";
  const std::size_t begin = std::min(text.find_first_of(kSigns), text.size());
  const std::size_t end = std::min(text.find_first_not_of(kSigns, begin), text.size());
  const std::size_t number = std::min(text.find_first_not_of(' ', end), text.size());
  return {trim(text.substr(0, begin)), text.substr(begin, end - begin), trim(text.substr(end)), static_cast<int>(begin),
          static_cast<int>(number)};
}

std::vector<std::string_view> metric_words() {
  std::vector<std::string_view> words;
  for (const MetricName& metric : metric_names()) words.push_back(metric.name);
  return words;
}

Place moved(Place place, int columns) {
  place.column += columns;
  return place;
}

bool read_expectation(const Yaml& item, Expectation& expectation, Complaints& complaints) {
  const Parts parts = split(item.text);
  const std::size_t before = complaints.size();
  if (parts.compare.empty() || parts.metric.empty() || parts.number.empty()) {
    complaints.add(item.place, quoted(item.text) + " is not an expectation",
                   "a metric, a comparison and a number, such as " + std::string(kExpectationExample));
    return false;
  }
  const std::vector<std::string_view> known = metric_words();
  if (std::find(known.begin(), known.end(), parts.metric) == known.end()) {
    complaints.add(item.place, "unknown metric " + quoted(parts.metric), suggest(parts.metric, known));
  }
  std::vector<std::string_view> comparisons;
  bool comparison_known = false;
  for (const Word<Compare>& word : compare_words()) {
    comparisons.push_back(word.word);
    if (word.word != parts.compare) continue;
    expectation.compare = word.value;
    comparison_known = true;
  }
  if (!comparison_known) {
    complaints.add(moved(item.place, parts.compare_at), "unknown comparison " + quoted(parts.compare),
                   parts.compare == "=" ? "did you mean '=='?" : "allowed: " + list_words(comparisons));
  }
  std::string_view number = parts.number;
  if (number.ends_with('%') && is_percentage(parts.metric)) number = trim(number.substr(0, number.size() - 1));
  const auto parsed = parse_number(number);
  if (!parsed) {
    complaints.add(moved(item.place, parts.number_at), parsed.error().what,
                   "a plain number is needed; the metric's name gives the unit");
  } else {
    expectation.number = *parsed;
  }
  expectation.metric = parts.metric;
  expectation.text = item.text;
  expectation.line = item.place.line;
  return complaints.size() == before;
}

void read_violations(const Yaml& item, Scenario& scenario, Complaints& complaints) {
  const Fields fields(item, "expect", kExpectKeys, complaints);
  const Yaml* violations = fields.find("violations");
  if (violations == nullptr) return;
  const auto words = invariant_words();
  for (const Yaml& code : read_list(*violations, "violations", "[I1]", 64, complaints)) {
    if (!is_word(code, "violations", "[I1]", complaints)) continue;
    if (std::find(words.begin(), words.end(), code.text) == words.end()) {
      complaints.add(code.place, "unknown invariant " + quoted(code.text), "allowed: " + list_words(words));
      continue;
    }
    auto& expected = scenario.expected_violations;
    if (std::find(expected.begin(), expected.end(), code.text) != expected.end()) {
      complaints.add(code.place, quoted(code.text) + " occurs twice", "name each invariant once");
    } else {
      expected.push_back(code.text);
    }
  }
}

}  // namespace

void read_expect(const Yaml& value, Scenario& scenario, Complaints& complaints) {
  for (const Yaml& item : read_list(value, "expect", "[stale_reads == 0]", kExpectationsMax, complaints)) {
    if (item.kind == Yaml::Kind::kMap) {
      read_violations(item, scenario, complaints);
      continue;
    }
    Expectation expectation;
    if (is_word(item, "expect", kExpectationExample, complaints) && read_expectation(item, expectation, complaints)) {
      scenario.expect.push_back(std::move(expectation));
    }
  }
}

}  // namespace dkv::sim
