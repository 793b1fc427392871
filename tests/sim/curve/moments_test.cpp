#include "sim/curve/moments.h"

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

std::shared_ptr<const World> beginning() {
  Scenario scenario = kit::cluster_of(3);
  scenario.run_ns = 2 * kSecond;
  kit::load(scenario, 4, 100);
  return std::make_shared<const World>(std::make_shared<const Scenario>(scenario), 1,
                                       std::make_shared<const Schedule>());
}

std::uint64_t fingerprint_at(std::uint64_t event) {
  World world(*beginning());
  while (world.events() < event) world.step();
  return world.fingerprint();
}

}  // namespace

TEST_CASE("each moment is that of the run, in whatever order they are asked for") {
  Moments moments(beginning(), 1u << 30);
  for (const std::uint64_t event : {500u, 100u, 0u, 499u, 501u}) {
    CHECK(moments.at(event)->events() == event);
    CHECK(moments.at(event)->fingerprint() == fingerprint_at(event));
  }
}

TEST_CASE("nothing is played again that a kept moment saves") {
  Moments moments(beginning(), 1u << 30);
  moments.at(500);
  CHECK(moments.events_played() == 500);
  moments.at(500);
  moments.at(510);
  CHECK(moments.events_played() == 510);
  moments.at(100);
  CHECK(moments.events_played() == 610);
}

TEST_CASE("the kept moments stay within their budget, and the others are played again") {
  const std::uint64_t one = beginning()->copy_bytes();
  Moments moments(beginning(), 6 * one);
  for (std::uint64_t event = 100; event <= 1000; event += 100) {
    CHECK(moments.at(event)->events() == event);
    CHECK(moments.bytes() <= 6 * one);
  }
  CHECK(moments.bytes() > 0);
  for (std::uint64_t event = 100; event <= 1000; event += 100) {
    CHECK(moments.at(event)->fingerprint() == fingerprint_at(event));
  }
}

TEST_CASE("a moment after the end of the run is its end") {
  Moments moments(beginning(), 1u << 30);
  CHECK(moments.at(UINT64_MAX)->ended());
}
