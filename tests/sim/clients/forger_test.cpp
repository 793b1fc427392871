#include "sim/clients/forger.h"

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Context seen_context() {
  const Actor actor{ActorId{3, 4}, 2};
  return {VersionVector().with({actor, 1}).with({actor, 4}), Hlc{99}};
}

}  // namespace

TEST_CASE("every kind of forgery is refused, with a reason that fits it") {
  const Forger forger(7);
  const Key key = *Key::make(kDefaultBucket, "k1");
  const std::pair<Forgery, const char*> kReasons[] = {{Forgery::kInvented, "changed or forged"},
                                                      {Forgery::kFarCounter, "changed or forged"},
                                                      {Forgery::kOtherKey, "another key"},
                                                      {Forgery::kOtherCluster, "another cluster"},
                                                      {Forgery::kCut, "cut short"},
                                                      {Forgery::kNoMac, "no MAC"},
                                                      {Forgery::kSwapped, "changed or forged"}};
  static_assert(std::size(kReasons) == kForgeries);
  Stream random(5, Purpose::kForgery);
  for (const auto& [kind, reason] : kReasons) {
    const auto answer = forger.present(key, forger.forge(kind, key, seen_context(), random));
    REQUIRE_FALSE(answer);
    CHECK_THAT(answer.error().what, ContainsSubstring(reason));
  }
}

TEST_CASE("a forgery of a context without entries is no honest token either") {
  const Forger forger(7);
  const Key key = *Key::make(kDefaultBucket, "k1");
  Context isolated;
  isolated.seen = isolated.seen.with({{{1, 2}, 3}, 9});
  REQUIRE(isolated.seen.entries().empty());
  Stream random(5, Purpose::kForgery);
  for (const Context& seen : {Context{}, isolated}) {
    for (std::size_t kind = 0; kind < kForgeries; ++kind) {
      CHECK_FALSE(forger.present(key, forger.forge(static_cast<Forgery>(kind), key, seen, random)));
    }
  }
}

TEST_CASE("the honest token of a run is accepted, and runs of two seeds have two secrets") {
  const Key key = *Key::make(kDefaultBucket, "k1");
  const ContextSeal seal("simulated", {.current = secret_from(7), .accepted = {}});
  CHECK(Forger(7).present(key, seal.seal(key, seen_context())) == seen_context());
  CHECK_FALSE(Forger(8).present(key, seal.seal(key, seen_context())));
}

TEST_CASE("a cluster refuses forged contexts under faults, and its keys stay writable") {
  Scenario scenario = kit::cluster_of(5);
  kit::load(scenario, 8, 200);
  scenario.run_ns = 5 * kSecond;
  scenario.workload.keys = 4;
  scenario.workload.mix.forge = 60;
  const Schedule faults = {kit::between(FaultKind::kPartition, kSecond, 2 * kSecond, {0, 1}, {2, 3, 4})};
  const RunResult result = kit::Play(scenario, faults, 3).to_end();
  CHECK(result.contexts_refused > 100);
  CHECK(result.violations_in_all == 0);
  CHECK(result.pass);
}

TEST_CASE("a load with forged contexts replays event for event") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 100);
  scenario.run_ns = 2 * kSecond;
  scenario.workload.mix.forge = 30;
  const RunResult one = kit::Play(scenario, {}, 3).to_end();
  CHECK(kit::Play(scenario, {}, 3).to_end().fingerprint == one.fingerprint);
}
