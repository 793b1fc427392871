#include "sim/why/inquiry.h"

#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

constexpr const char* kFails = R"(run: 3s
cluster: {nodes: 3}
workload: {steps: [{at: 1s, as: ann, put: x, value: A, expect: {outcome: refused}}]}
)";

TEST_CASE("an inquiry in slices ends with the chains of a single call") {
  const auto run = rig::explained(kFails);
  Inquiry inquiry(run.scenario, run.scenario->seed, std::make_shared<const sim::Schedule>(), {}, {});
  double progress = 0;
  int slices = 0;
  while (!inquiry.advance(50)) {
    CHECK(inquiry.progress() >= progress);
    progress = inquiry.progress();
    ++slices;
  }
  CHECK(slices > 2);
  CHECK(inquiry.progress() == Approx(1));
  CHECK(inquiry.result().fingerprint == run.result.fingerprint);
  REQUIRE(inquiry.chains().size() == run.chains.size());
  for (std::size_t i = 0; i < run.chains.size(); ++i) {
    CHECK(rig::text_of(inquiry.chains()[i]) == rig::text_of(run.chains[i]));
  }
}

TEST_CASE("an inquiry about a run without findings plays it once") {
  const auto scenario = std::make_shared<const sim::Scenario>(sim::load_good("run: 1s\ncluster: {nodes: 3}\n"));
  Inquiry inquiry(scenario, 1, std::make_shared<const sim::Schedule>(), {}, {.all = true});
  while (!inquiry.advance(1'000)) {
  }
  CHECK(inquiry.chains().empty());
  CHECK(inquiry.result().pass);
}

}  // namespace
}  // namespace dkv::why
