#include "sim/kernel/distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/core/hash.h"
#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

std::vector<TimeNs> draw(const Distribution& distribution, std::size_t count) {
  Stream random(11, Purpose::kNetworkLatency);
  std::vector<TimeNs> draws(count);
  for (TimeNs& value : draws) value = distribution.at(random.next());
  std::sort(draws.begin(), draws.end());
  return draws;
}

double mean(const std::vector<TimeNs>& draws) {
  double sum = 0;
  for (const TimeNs value : draws) sum += static_cast<double>(value);
  return sum / static_cast<double>(draws.size());
}

bool near(TimeNs value, double wanted, double tolerance) {
  return std::fabs(static_cast<double>(value) / wanted - 1) < tolerance;
}

std::uint64_t share(double p) {
  return static_cast<std::uint64_t>(p * 18446744073709551616.0);
}

TEST_CASE("a default distribution is always 0, a constant always itself") {
  const Distribution none;
  const Distribution five = Distribution::constant(5 * kMillisecond);
  for (const std::uint64_t random : {std::uint64_t{0}, ~std::uint64_t{0}, share(0.5)}) {
    REQUIRE(none.at(random) == 0);
    REQUIRE(five.at(random) == 5 * kMillisecond);
  }
  REQUIRE(five.least() == five.greatest());
  REQUIRE(none.greatest() == 0);
}

TEST_CASE("draws ascend with the random number and stay between least and greatest") {
  const std::pair<std::uint32_t, Distribution> parts[] = {{3, Distribution::exponential(kMillisecond)},
                                                          {1, Distribution::constant(40 * kMillisecond)}};
  const std::pair<std::uint32_t, TimeNs> quantiles[] = {{0, 10}, {5'000, 20}, {10'000, 4'000}};
  const Distribution all[] = {Distribution::uniform(100, 900'000),
                              Distribution::exponential(kMillisecond),
                              Distribution::lognormal(kMillisecond, 9 * kMillisecond),
                              Distribution::pareto(kMillisecond, 1'100, kSecond),
                              Distribution::mixture(parts),
                              Distribution::table(quantiles)};
  for (const Distribution& distribution : all) {
    REQUIRE(distribution.at(0) == distribution.least());
    TimeNs last = 0;
    for (std::uint64_t i = 0; i < 40'000; ++i) {
      // Dense in the tail, where the table changes its step.
      const std::uint64_t random =
          i < 20'000 ? i * (~std::uint64_t{0} / 20'000) : ~(std::uint64_t{1} << (63 - (i - 20'000) / 400));
      const TimeNs value = distribution.at(random);
      REQUIRE(value <= distribution.greatest());
      if (i < 20'000) {
        REQUIRE(value >= last);
        last = value;
      }
    }
    REQUIRE(distribution.at(~std::uint64_t{0}) <= distribution.greatest());
    REQUIRE(near(distribution.at(~std::uint64_t{0}), static_cast<double>(distribution.greatest()), 1e-3));
  }
}

TEST_CASE("a uniform distribution is flat") {
  const Distribution uniform = Distribution::uniform(1'000'000, 3'000'000);
  REQUIRE(uniform.least() == 1'000'000);
  REQUIRE(uniform.greatest() == 3'000'000);
  for (const double p : {0.1, 0.25, 0.5, 0.9, 0.999}) {
    REQUIRE(std::fabs(static_cast<double>(uniform.at(share(p))) - (1e6 + 2e6 * p)) < 2);
  }
  REQUIRE(near(static_cast<TimeNs>(mean(draw(uniform, 100'000))), 2e6, 0.01));
}

TEST_CASE("an exponential distribution has its mean and its quantiles, far into the tail") {
  const Distribution exponential = Distribution::exponential(50 * kMillisecond);
  REQUIRE(near(static_cast<TimeNs>(mean(draw(exponential, 200'000))), 50e6, 0.01));
  for (const double p : {0.5, 0.9, 0.99, 0.9999, 0.999999}) {
    REQUIRE(near(exponential.at(share(p)), -50e6 * std::log(1 - p), 0.001));
  }
}

TEST_CASE("a lognormal distribution has the median and the 99th percentile asked for") {
  const Distribution lognormal = Distribution::lognormal(kMillisecond, 12 * kMillisecond);
  REQUIRE(near(lognormal.at(share(0.5)), 1e6, 1e-4));
  REQUIRE(near(lognormal.at(share(0.99)), 12e6, 1e-3));
  REQUIRE(near(lognormal.at(share(0.01)), 1e6 / 12, 0.01));
  const double sigma = std::log(12.0) / 2.3263478740408411;
  REQUIRE(near(lognormal.at(share(0.999999)), 1e6 * std::exp(sigma * 4.753424308822899), 0.002));
}

TEST_CASE("a pareto distribution has its tail, up to the cap") {
  const Distribution pareto = Distribution::pareto(kMillisecond, 1'500, 100 * kMillisecond);
  REQUIRE(near(pareto.at(share(0.5)), 1e6 * std::pow(0.5, -1 / 1.5), 0.001));
  REQUIRE(near(pareto.at(share(0.99)), 1e6 * std::pow(0.01, -1 / 1.5), 0.001));
  REQUIRE(pareto.greatest() == 100 * kMillisecond);
  REQUIRE(pareto.at(share(0.9999)) == 100 * kMillisecond);
}

TEST_CASE("a mixture draws from its parts by their weights") {
  const std::pair<std::uint32_t, Distribution> parts[] = {{90, Distribution::uniform(1'000, 2'000)},
                                                          {0, Distribution::constant(77)},
                                                          {9, Distribution::constant(1'000'000)},
                                                          {1, Distribution::uniform(5'000'000, 6'000'000)}};
  const Distribution mixture = Distribution::mixture(parts);
  const auto draws = draw(mixture, 100'000);
  const auto below = [&](TimeNs value) { return std::lower_bound(draws.begin(), draws.end(), value) - draws.begin(); };
  REQUIRE(draws.front() >= 1'000);
  REQUIRE(std::abs(below(2'001) - 90'000) < 500);
  REQUIRE(std::abs(below(1'000'001) - 99'000) < 200);
  REQUIRE(draws.back() <= 6'000'000);
  // The gaps get very few draws.
  REQUIRE(below(1'000'000) - below(2'001) < 250);
  REQUIRE(below(5'000'000) - below(1'000'001) < 250);
}

TEST_CASE("a mixture of one part, or of equal constants, is that part") {
  const std::pair<std::uint32_t, Distribution> one[] = {{7, Distribution::lognormal(kMillisecond, 5 * kMillisecond)}};
  const Distribution mixture = Distribution::mixture(one);
  Stream random(2, Purpose::kSwarm);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t at = random.next();
    REQUIRE(std::abs(mixture.at(at) - one[0].second.at(at)) <= 1);
  }
  const std::pair<std::uint32_t, Distribution> zeros[] = {{1, Distribution()}, {2, Distribution::constant(0)}};
  REQUIRE(Distribution::mixture(zeros).greatest() == 0);
}

TEST_CASE("a table of measured quantiles is interpolated") {
  const std::pair<std::uint32_t, TimeNs> quantiles[] = {{0, 100}, {5'000, 200}, {9'900, 1'000}, {10'000, 100'000}};
  const Distribution table = Distribution::table(quantiles);
  REQUIRE(table.least() == 100);
  REQUIRE(table.greatest() == 100'000);
  REQUIRE(std::abs(table.at(share(0.25)) - 150) <= 1);
  REQUIRE(std::abs(table.at(share(0.5)) - 200) <= 1);
  REQUIRE(near(table.at(share(0.995)), 50'500, 0.01));
}

// The tables determine runs, so every compiler, optimisation and C library must give the same bits.
TEST_CASE("distributions are the same everywhere") {
  const std::pair<std::uint32_t, Distribution> parts[] = {{9, Distribution::lognormal(kMillisecond, 7 * kMillisecond)},
                                                          {1, Distribution::pareto(kMillisecond, 1'200, kSecond)}};
  const Distribution all[] = {Distribution::exponential(kMillisecond), parts[0].second, parts[1].second,
                              Distribution::mixture(parts)};
  std::uint64_t hash = 0;
  Stream random(3, Purpose::kSwarm);
  for (const Distribution& distribution : all) {
    for (int i = 0; i < 10'000; ++i)
      hash = hash_combine(hash, static_cast<std::uint64_t>(distribution.at(random.next())));
  }
  REQUIRE(hash == 0x92acd3a06aea24bULL);
}

}  // namespace
}  // namespace dkv::sim
