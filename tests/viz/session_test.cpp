#include "viz/model/session.h"

#include "sim/rng.h"
#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

TEST_CASE("moments that are sought back and forward at random are those of a straight run") {
  const auto source = kit::source_of(kit::kStormy);
  const auto run = kit::straight(source);
  REQUIRE(run.last() > 4'000);
  Session session(source, kit::counted());
  sim::Stream random(7, sim::Purpose::kSwarm);
  for (int i = 0; i < 60; ++i) {
    const EventNumber event = random.below(run.last() + 1);
    kit::go(session, event);
    REQUIRE(session.at() == event);
    REQUIRE(session.world().fingerprint() == run.fingerprints[event]);
    REQUIRE(session.now_ns() == run.times[event]);
  }
  CHECK_FALSE(session.error());
  kit::go(session, run.last() + 1000);
  CHECK(session.at() == run.last());
  CHECK(session.branch().ended);
  CHECK(session.world().fingerprint() == run.fingerprints.back());
}
