#include "sim/kernel/histogram.h"

#include <algorithm>
#include <vector>

#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

TEST_CASE("an empty histogram has no quantiles") {
  const Histogram empty;
  REQUIRE(empty.count() == 0);
  REQUIRE(empty.quantile(5'000) == 0);
  REQUIRE(empty.greatest() == 0);
}

TEST_CASE("a histogram's quantiles are at most 3.2 % above the exact ones and never below") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Stream random(seed, Purpose::kSwarm);
    Histogram histogram;
    std::vector<TimeNs> exact;
    for (int i = 0; i < 2'000; ++i) {
      const auto value = static_cast<TimeNs>(random.next() >> (16 + random.below(48)));
      histogram.add(value);
      exact.push_back(value);
    }
    std::sort(exact.begin(), exact.end());
    for (const std::uint32_t parts : {0u, 1u, 100u, 5'000u, 9'900u, 9'990u, 9'999u, 10'000u}) {
      const std::size_t rank = std::max<std::size_t>(1, (exact.size() * parts + 9'999) / 10'000);
      const TimeNs wanted = exact[rank - 1];
      const TimeNs got = histogram.quantile(parts);
      REQUIRE(got >= wanted);
      REQUIRE(got <= wanted + wanted / 32);
    }
    REQUIRE(histogram.greatest() == exact.back());
    REQUIRE(histogram.quantile(10'000) == exact.back());
  }
}

TEST_CASE("durations beyond the last bucket are counted and still bounded by the greatest") {
  Histogram histogram;
  histogram.add(TimeNs{1} << 50);
  histogram.add((TimeNs{1} << 48) - 1);
  histogram.add(3);
  REQUIRE(histogram.count() == 3);
  REQUIRE(histogram.quantile(10'000) == TimeNs{1} << 50);
  REQUIRE(histogram.quantile(1) == 3);
}

TEST_CASE("merging histograms counts as if all had gone into one") {
  Stream random(5, Purpose::kSwarm);
  Histogram left, right, both;
  for (int i = 0; i < 1'000; ++i) {
    const auto value = static_cast<TimeNs>(random.below(10'000'000));
    (i % 3 == 0 ? left : right).add(value);
    both.add(value);
  }
  left.merge(right);
  REQUIRE(left.count() == both.count());
  REQUIRE(left.greatest() == both.greatest());
  for (std::uint32_t parts = 0; parts <= 10'000; parts += 50) REQUIRE(left.quantile(parts) == both.quantile(parts));
}

}  // namespace
}  // namespace dkv::sim
