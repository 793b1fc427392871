#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/shared_array.h"
#include "engine/core/types.h"

namespace dkv::sim {

// A distribution of durations, stored as a table of quantiles. A draw is a look-up and a linear interpolation in
// integers, so it is the same on every machine. Immutable and shared; one pointer wide. It remembers how it was made,
// so that a scenario can be written down again.
class Distribution {
 public:
  Distribution() noexcept = default;  // always 0

  // Durations are in nanoseconds, 0 <= duration <= one day. The scenario loader checks the parameters, and assertions
  // here repeat that.
  static Distribution constant(TimeNs value_ns);
  static Distribution uniform(TimeNs low_ns, TimeNs high_ns);
  static Distribution exponential(TimeNs mean_ns);
  // Lognormal, given by its median and 99th percentile (median < p99).
  static Distribution lognormal(TimeNs median_ns, TimeNs p99_ns);
  // Pareto, given by its least value and its tail index alpha in thousandths (1500 = 1.5). Longer durations are cut
  // to cap_ns.
  static Distribution pareto(TimeNs least_ns, std::uint32_t alpha_thousandths, TimeNs cap_ns);
  // A mixture of parts with relative weights, at least one above 0. Where the parts leave a gap, up to 0.2 % of all
  // draws fall into it.
  static Distribution mixture(std::span<const std::pair<std::uint32_t, Distribution>> parts);
  // Measured quantiles: (parts in 10,000, duration), ascending in both, from 0 to 10,000.
  static Distribution table(std::span<const std::pair<std::uint32_t, TimeNs>> quantiles);

  // The duration at the quantile random / 2^64.
  TimeNs at(std::uint64_t random) const noexcept;
  TimeNs least() const noexcept;
  TimeNs greatest() const noexcept;

  // As a scenario says it: "1ms", "{uniform: [1ms, 5ms]}". What reads it again draws the same.
  std::string text() const;

 private:
  std::span<const TimeNs> quantiles() const noexcept;
  std::span<const TimeNs> recipe() const noexcept;

  // The quantiles: one of a constant, else as many as the table has places. Behind a table its recipe: the shape, and
  // the parameters of the function that made it. A mixture has its parts' weights there, each before a recipe.
  SharedArray<TimeNs> table_;
};

}  // namespace dkv::sim
