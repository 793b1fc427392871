#include "sim/kernel/deterministic_math.h"

#include <cmath>

#include "engine/core/hash.h"
#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

TEST_CASE("exp and log agree with the C library to 14 digits") {
  Stream random(1, Purpose::kSwarm);
  for (int i = 0; i < 20'000; ++i) {
    const double x = static_cast<double>(random.between(-700'000, 700'000)) / 1000;
    REQUIRE(std::fabs(exp_of(x) / std::exp(x) - 1) < 1e-13);
    const double y = std::exp(x);
    REQUIRE(std::fabs(log_of(y) - std::log(y)) <= 1e-14 * std::fabs(std::log(y)) + 1e-16);
  }
  for (int i = -1000; i <= 1000; ++i) {
    const double near_one = 1 + i * 1e-6;
    REQUIRE(std::fabs(log_of(near_one) - std::log(near_one)) <= 1e-14 * std::fabs(std::log(near_one)));
  }
  REQUIRE(exp_of(0) == 1);
  REQUIRE(log_of(1) == 0);
}

TEST_CASE("the normal quantile inverts the normal distribution") {
  for (double p = 1e-12; p < 0.5; p *= 1.05) {
    const double z = normal_quantile(p);
    REQUIRE(std::fabs(0.5 * std::erfc(-z / std::sqrt(2.0)) / p - 1) < 1e-11);
  }
  REQUIRE(normal_quantile(0.5) == 0);
  REQUIRE(std::fabs(normal_quantile(0.99) - 2.3263478740408411) < 1e-12);
  REQUIRE(std::fabs(normal_quantile(0.01) + 2.3263478740408411) < 1e-12);
  REQUIRE(std::fabs(normal_quantile(1e-20) + 9.2623400897984086) < 1e-10);
}

}  // namespace
}  // namespace dkv::sim
