#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {
const std::string kOverridden = "cluster: {w: 2}\nfaults:\n  - {at: 5s, crash: n1}\n";
}  // namespace

TEST_CASE("an override replaces a field of the file, or adds one") {
  CHECK(load_good(kOverridden, {"cluster.w=1"}).cluster.write_need == 1);
  CHECK(load_good(kOverridden, {"seed=9"}).seed == 9);
  CHECK(load_good(kOverridden, {"network.latency=5ms"}).network.latency.least() == 5 * kMillisecond);
  CHECK(load_good(kOverridden, {"network.latency={uniform: [1ms, 9ms]}"}).network.latency.greatest() ==
        9 * kMillisecond);
  CHECK(load_good(kOverridden, {"faults.0.at=3s"}).faults[0].at_ns == 3 * kSecond);
  CHECK(load_good(kOverridden, {"faults=[]"}).faults.empty());
  CHECK(load_good("about: x\ncluster:\n", {"cluster.n=1"}).cluster.replicas == 1);
}

TEST_CASE("later overrides win over earlier ones") {
  CHECK(load_good(kOverridden, {"cluster.w=1", "cluster.w=3"}).cluster.write_need == 3);
}

TEST_CASE("a mistake in an override is reported like one in the file, with its number as the line") {
  CHECK(complaint_of(kOverridden, {"seed=1", "cluster.w=9"}) == "--set:2:11: 'w' is 9, but n is 3; at most 3");
  CHECK(complaint_of(kOverridden, {"clutser.w=1"}) ==
        "--set:1:1: unknown key 'clutser' in 'scenario'; did you mean 'cluster'?");
  CHECK(complaint_of(kOverridden, {"cluster.ww=1"}).starts_with("--set:1:9: unknown key 'ww' in 'cluster'"));
  CHECK(complaint_of(kOverridden, {"network.latency={unifrom: [1ms, 2ms]}"})
            .starts_with("--set:1:18: unknown key 'unifrom'"));
  CHECK_THAT(complaint_of(kOverridden, {"run=5"}), ContainsSubstring("--set:1:5: 'run': '5' has no unit"));
}

TEST_CASE("an override that sets nothing is refused") {
  CHECK_THAT(complaint_of(kOverridden, {"cluster.w"}),
             ContainsSubstring("--set:1:1: 'cluster.w' sets nothing; write path=value"));
  CHECK_THAT(complaint_of(kOverridden, {"=1"}), ContainsSubstring("'=1' sets nothing"));
  CHECK_THAT(complaint_of(kOverridden, {"cluster..w=1"}), ContainsSubstring("--set:1:9: an empty name in the path"));
  CHECK_THAT(complaint_of(kOverridden, {"cluster.w="}), ContainsSubstring("--set:1:11: the file is empty"));
  CHECK_THAT(complaint_of(kOverridden, {"faults.1.at=1s"}),
             ContainsSubstring("'1' is not an item of the list; items count from 0 to 0"));
  CHECK_THAT(complaint_of(kOverridden, {"cluster.w.x=1"}), ContainsSubstring("'x' can't be set inside a word"));
  CHECK_THAT(complaint_of(kOverridden, {"seed=[1"}), ContainsSubstring("--set:1:6"));
  CHECK_THAT(complaint_of(kOverridden, {std::string(100, '.') + "=1"}), ContainsSubstring("too long"));
}

TEST_CASE("complaints about overrides come after those about the file") {
  const auto loaded = load_scenario_text("run: 5\n", "story.yaml", {"seed=x"});
  REQUIRE_FALSE(loaded);
  REQUIRE(loaded.error().size() == 2);
  CHECK(loaded.error()[0].file == "story.yaml");
  CHECK(loaded.error()[1].file == "--set");
}

}  // namespace dkv::sim
