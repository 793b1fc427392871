#include "sim/kernel/distribution.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/kernel/deterministic_math.h"

namespace dkv::sim {
namespace {

// A position is a share of all draws, in units of 2^-48. The table cuts [0, 1) into octaves, each half of the
// remaining range (by the leading ones of the random number). It cuts the octaves into 256, 128, 64, 32, 32, ...
// segments. So the tail is drawn as finely as the body, down to 2^-28.
__extension__ using Wide = unsigned __int128;
constexpr std::uint64_t kOne = std::uint64_t{1} << 48;
constexpr unsigned kOctaves = 24;  // the last one reaches to 1
constexpr TimeNs kDay = 24 * 3600 * kSecond;

constexpr unsigned segment_bits(unsigned octave) {
  return octave < 3 ? 8 - octave : 5;
}
constexpr auto kFirstSegment = [] {
  std::array<std::uint32_t, kOctaves + 1> first{};
  for (unsigned k = 0; k < kOctaves; ++k) first[k + 1] = first[k] + (1u << segment_bits(k));
  return first;
}();
constexpr std::size_t kPoints = kFirstSegment[kOctaves] + 1;

// The position where each segment begins.
constexpr auto kPosition = [] {
  std::array<std::uint64_t, kPoints> position{};
  for (unsigned k = 0; k < kOctaves; ++k) {
    const std::uint64_t width = kOne >> (k + 1 < kOctaves ? k + 1 : k) >> segment_bits(k);
    for (std::uint32_t i = 0; i < 1u << segment_bits(k); ++i) {
      position[kFirstSegment[k] + i] = kOne - (kOne >> k) + i * width;
    }
  }
  position[kPoints - 1] = kOne;
  return position;
}();

// The first number of a recipe.
enum class Shape : std::uint8_t { kConstant, kUniform, kExponential, kLognormal, kPareto, kMixture, kTable };
constexpr TimeNs shape_number(Shape shape) {
  return static_cast<TimeNs>(shape);
}

TimeNs between(TimeNs low, TimeNs high, std::uint64_t part, std::uint64_t whole) {
  return low + static_cast<TimeNs>(static_cast<Wide>(static_cast<std::uint64_t>(high - low)) * part / whole);
}

TimeNs rounded(double value_ns) {
  if (value_ns >= static_cast<double>(kDay)) return kDay;
  return value_ns <= 0 ? 0 : static_cast<TimeNs>(value_ns + 0.5);
}

// A table with its recipe behind it. fill(TimeNs*) writes the kPoints quantiles.
template <class Fill>
SharedArray<TimeNs> make_table(std::span<const TimeNs> recipe, Fill&& fill) {
  return SharedArray<TimeNs>::make(kPoints + recipe.size(), [&](TimeNs* out) {
    fill(out);
    std::copy(recipe.begin(), recipe.end(), out + kPoints);
  });
}

// Calls quantile(share below, share above) for each point. Both are exact, so that neither end loses precision.
template <class Quantile>
SharedArray<TimeNs> tabulate(std::span<const TimeNs> recipe, Quantile&& quantile) {
  constexpr std::uint64_t kHalfLast = kOne >> 29;  // an end that lies at infinity is taken half a segment earlier
  return make_table(recipe, [&](TimeNs* out) {
    TimeNs least = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const std::uint64_t at = std::clamp(kPosition[i], kHalfLast, kOne - kHalfLast);
      const double below = static_cast<double>(at) / static_cast<double>(kOne);
      const double above = static_cast<double>(kOne - at) / static_cast<double>(kOne);
      least = std::max(least, rounded(quantile(below, above)));
      out[i] = least;
    }
  });
}

// The inverse of a piecewise linear function that is given by points (share, duration), ascending in both, from share 0
// to weight * 2^48. A gap between durations is bridged within one segment of the table.
struct Point {
  Wide share = 0;
  TimeNs value = 0;
};
SharedArray<TimeNs> tabulate_points(std::span<const TimeNs> recipe, const std::vector<Point>& points,
                                    std::uint64_t weight) {
  return make_table(recipe, [&](TimeNs* out) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const Wide target = static_cast<Wide>(weight) * kPosition[i];
      while (points[right].share < target) ++right;
      const Point& b = points[right];
      if (right == 0 || b.share == target) {
        out[i] = b.value;
        continue;
      }
      const Point& a = points[right - 1];
      const auto span = static_cast<Wide>(static_cast<std::uint64_t>(b.value - a.value));
      out[i] = a.value + static_cast<TimeNs>(span * (target - a.share) / (b.share - a.share));
    }
  });
}

TimeNs take(std::span<const TimeNs>& recipe) {
  DKV_ASSERT(!recipe.empty());
  const TimeNs first = recipe.front();
  recipe = recipe.subspan(1);
  return first;
}
std::string take_duration(std::span<const TimeNs>& recipe) {
  return duration_text(take(recipe));
}
// "1.5" for 1500.
std::string thousandths_text(TimeNs thousandths) {
  std::string fraction = std::to_string(1000 + thousandths % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(thousandths / 1000) + (fraction.empty() ? "" : "." + fraction);
}

// Takes one recipe off the front.
std::string recipe_text(std::span<const TimeNs>& recipe) {
  std::string text;
  const auto shape = static_cast<Shape>(take(recipe));
  switch (shape) {
    case Shape::kConstant: return take_duration(recipe);
    case Shape::kUniform:
      text = "uniform: [" + take_duration(recipe);
      text += ", " + take_duration(recipe) + "]";
      break;
    case Shape::kExponential: text = "exponential: {mean: " + take_duration(recipe) + "}"; break;
    case Shape::kLognormal:
      text = "lognormal: {median: " + take_duration(recipe);
      text += ", p99: " + take_duration(recipe) + "}";
      break;
    case Shape::kPareto:
      text = "pareto: {least: " + take_duration(recipe);
      text += ", alpha: " + thousandths_text(take(recipe));
      text += ", cap: " + take_duration(recipe) + "}";
      break;
    case Shape::kMixture:
      for (TimeNs parts = take(recipe); parts > 0; --parts) {
        text += (text.empty() ? "{weight: " : ", {weight: ") + std::to_string(take(recipe));
        text += ", latency: " + recipe_text(recipe) + "}";
      }
      text = "mixture: [" + text + "]";
      break;
    case Shape::kTable:
      for (TimeNs rows = take(recipe); rows > 0; --rows) {
        text += (text.empty() ? "[" : ", [") + percent_text(static_cast<std::uint32_t>(take(recipe) * 100));
        text += ", " + take_duration(recipe) + "]";
      }
      text = "table: [" + text + "]";
      break;
  }
  return "{" + text + "}";
}

// The share of draws, in units of 2^-48, below `value` (or_equal: or at it).
std::uint64_t share_below(std::span<const TimeNs> quantiles, TimeNs value, bool or_equal) {
  if (quantiles.size() == 1) return quantiles[0] < value || (or_equal && quantiles[0] == value) ? kOne : 0;
  const auto place = or_equal ? std::upper_bound(quantiles.begin(), quantiles.end(), value)
                              : std::lower_bound(quantiles.begin(), quantiles.end(), value);
  const auto point = static_cast<std::size_t>(place - quantiles.begin());
  if (point == 0) return 0;
  if (point == quantiles.size()) return kOne;
  const TimeNs low = quantiles[point - 1];
  const TimeNs high = quantiles[point];
  const std::uint64_t start = kPosition[point - 1];
  const auto width = static_cast<Wide>(kPosition[point] - start);
  return start + static_cast<std::uint64_t>(width * static_cast<std::uint64_t>(value - low) /
                                            static_cast<std::uint64_t>(high - low));
}

}  // namespace

Distribution Distribution::constant(TimeNs value_ns) {
  DKV_ASSERT(value_ns >= 0 && value_ns <= kDay);
  Distribution made;
  made.table_ = SharedArray<TimeNs>::copy_of({&value_ns, 1});
  return made;
}

Distribution Distribution::uniform(TimeNs low_ns, TimeNs high_ns) {
  DKV_ASSERT(0 <= low_ns && low_ns <= high_ns && high_ns <= kDay);
  if (low_ns == high_ns) return constant(low_ns);
  Distribution made;
  const TimeNs recipe[] = {shape_number(Shape::kUniform), low_ns, high_ns};
  made.table_ = make_table(recipe, [&](TimeNs* out) {
    for (std::size_t i = 0; i < kPoints; ++i) out[i] = between(low_ns, high_ns, kPosition[i], kOne);
  });
  return made;
}

Distribution Distribution::exponential(TimeNs mean_ns) {
  DKV_ASSERT(mean_ns > 0 && mean_ns <= kDay);
  Distribution made;
  const auto mean = static_cast<double>(mean_ns);
  const TimeNs recipe[] = {shape_number(Shape::kExponential), mean_ns};
  made.table_ = tabulate(recipe, [mean](double, double above) { return -mean * log_of(above); });
  return made;
}

Distribution Distribution::lognormal(TimeNs median_ns, TimeNs p99_ns) {
  DKV_ASSERT(0 < median_ns && median_ns < p99_ns && p99_ns <= kDay);
  Distribution made;
  const auto median = static_cast<double>(median_ns);
  const double sigma = log_of(static_cast<double>(p99_ns) / median) / -normal_quantile(0.01);
  const TimeNs recipe[] = {shape_number(Shape::kLognormal), median_ns, p99_ns};
  made.table_ = tabulate(recipe, [median, sigma](double below, double above) {
    const double z = below <= above ? normal_quantile(below) : -normal_quantile(above);
    return median * exp_of(std::clamp(sigma * z, -700.0, 100.0));
  });
  return made;
}

Distribution Distribution::pareto(TimeNs least_ns, std::uint32_t alpha_thousandths, TimeNs cap_ns) {
  DKV_ASSERT(0 < least_ns && least_ns <= cap_ns && cap_ns <= kDay && alpha_thousandths > 0);
  Distribution made;
  const auto least = static_cast<double>(least_ns);
  const auto cap = static_cast<double>(cap_ns);
  const double alpha = static_cast<double>(alpha_thousandths) / 1000;
  const TimeNs recipe[] = {shape_number(Shape::kPareto), least_ns, alpha_thousandths, cap_ns};
  made.table_ = tabulate(recipe, [=](double, double above) {
    const double value = least * exp_of(std::clamp(-log_of(above) / alpha, 0.0, 100.0));
    return value < cap ? value : cap;
  });
  return made;
}

Distribution Distribution::mixture(std::span<const std::pair<std::uint32_t, Distribution>> parts) {
  static constexpr TimeNs kZero[] = {0};
  std::vector<std::pair<std::uint32_t, std::span<const TimeNs>>> used;
  std::vector<TimeNs> values;
  std::vector<TimeNs> recipe{shape_number(Shape::kMixture), 0};  // and how many parts
  std::uint64_t whole = 0;
  for (const auto& [weight, part] : parts) {
    if (weight == 0) continue;
    used.emplace_back(weight, part.table_.empty() ? std::span<const TimeNs>(kZero) : part.quantiles());
    values.insert(values.end(), used.back().second.begin(), used.back().second.end());
    ++recipe[1];
    recipe.push_back(weight);
    const TimeNs constant[] = {shape_number(Shape::kConstant), part.least()};
    const std::span<const TimeNs> of_part = part.recipe().empty() ? std::span<const TimeNs>(constant) : part.recipe();
    recipe.insert(recipe.end(), of_part.begin(), of_part.end());
    whole += weight;
  }
  DKV_ASSERT(whole != 0 && whole <= UINT32_MAX);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.size() == 1) return constant(values[0]);
  // Between the values of all tables the share of the mixture grows linearly. At a value it may jump.
  std::vector<Point> points;
  for (const TimeNs value : values) {
    for (const bool or_equal : {false, true}) {
      Wide share = 0;
      for (const auto& [weight, quantiles] : used) {
        share += static_cast<Wide>(weight) * share_below(quantiles, value, or_equal);
      }
      points.push_back({share, value});
    }
  }
  points.front().share = 0;
  points.back().share = static_cast<Wide>(whole) * kOne;
  Distribution made;
  made.table_ = tabulate_points(recipe, points, whole);
  return made;
}

Distribution Distribution::table(std::span<const std::pair<std::uint32_t, TimeNs>> quantiles) {
  DKV_ASSERT(quantiles.size() >= 2 && quantiles.front().first == 0 && quantiles.back().first == 10'000);
  std::vector<Point> points;
  std::vector<TimeNs> recipe{shape_number(Shape::kTable), static_cast<TimeNs>(quantiles.size())};
  for (const auto& [parts, value] : quantiles) {
    DKV_ASSERT(value >= 0 && value <= kDay);
    DKV_ASSERT(points.empty() ||
               (points.back().share <= static_cast<Wide>(parts) * kOne && points.back().value <= value));
    points.push_back({static_cast<Wide>(parts) * kOne, value});
    recipe.insert(recipe.end(), {static_cast<TimeNs>(parts), value});
  }
  Distribution made;
  made.table_ = tabulate_points(recipe, points, 10'000);
  return made;
}

TimeNs Distribution::at(std::uint64_t random) const noexcept {
  if (table_.size() <= 1) return table_.empty() ? 0 : table_[0];
  const unsigned octave = std::min(static_cast<unsigned>(std::countl_one(random)), kOctaves - 1);
  const std::uint64_t within = random << octave << (octave < kOctaves - 1 ? 1 : 0);
  const unsigned bits = segment_bits(octave);
  const std::size_t segment = kFirstSegment[octave] + (within >> (64 - bits));
  const std::uint64_t rest = within << bits;
  const TimeNs low = table_[segment];
  const auto span = static_cast<std::uint64_t>(table_[segment + 1] - low);
  return low + static_cast<TimeNs>(static_cast<Wide>(span) * (rest >> 32) >> 32);
}

TimeNs Distribution::least() const noexcept {
  return table_.empty() ? 0 : table_[0];
}
TimeNs Distribution::greatest() const noexcept {
  return table_.empty() ? 0 : quantiles().back();
}

std::span<const TimeNs> Distribution::quantiles() const noexcept {
  return table_.size() <= 1 ? table_.span() : table_.span().first(kPoints);
}
std::span<const TimeNs> Distribution::recipe() const noexcept {
  return table_.size() <= 1 ? std::span<const TimeNs>() : table_.span().subspan(kPoints);
}

std::string Distribution::text() const {
  std::span<const TimeNs> left = recipe();
  return left.empty() ? duration_text(least()) : recipe_text(left);
}

}  // namespace dkv::sim
