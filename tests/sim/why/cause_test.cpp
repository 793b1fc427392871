// The cause of a chain: what decides it, in words that are the same in each run with the same mistake.
#include "sim/why/questions.h"
#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

TEST_CASE("the gravest cause decides a chain, and of equal ones the earliest") {
  const auto run = rig::explained("run: 1s\ncluster: {nodes: 3}\n");
  sim::World world(run.scenario, 1, std::make_shared<const sim::Schedule>());
  const Record record;
  const Case about(world, record);
  const auto cause_of = [&](std::initializer_list<std::pair<Gravity, EventNumber>> causes) {
    Steps steps(about);
    for (const auto& [gravity, event] : causes) {
      steps.because(gravity, {event, 0}, std::to_string(static_cast<int>(gravity)) + " at " + std::to_string(event));
    }
    Chain chain;
    steps.finish(chain, 100);
    return chain.cause;
  };
  CHECK(cause_of({}).empty());
  CHECK(cause_of({{Gravity::kFault, 2}, {Gravity::kMistake, 9}, {Gravity::kMistake, 7}, {Gravity::kSetting, 1}}) ==
        "3 at 7");
  CHECK(cause_of({{Gravity::kFault, 2}, {Gravity::kMistake, 101}}) == "1 at 2");  // after the finding
}

TEST_CASE("runs with different seeds and one reason have one cause: the small quorums that allow a stale read") {
  for (const char* seed : {"1", "2", "3"}) {
    const auto run = rig::explained(std::string("seed: ") + seed + R"(
run: 16s
cluster: {nodes: 3, n: 3, r: 2, w: 2, anti_entropy: off, hints: {ttl: 1ms}}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: page, value: old}
    - {at: 4s, as: ann, via: n1, put: page, value: new}
    - {at: 12s, as: bob, via: n3, get: page, r: 1, expect: {value: new}}
faults: [{at: 2s, for: 8s, partition: [[n1, n2], [n3]]}]
)");
    CHECK(run.first(About::kExpectation).cause == "the quorums need not share a replica");
  }
}

TEST_CASE("explaining the first failure alone finds the cause of the first chain") {
  const auto run = rig::explained(R"(run: 4s
cluster: {nodes: 3, conflicts: lww}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: x, value: A, blind: true}
    - {at: 2s, as: bob, via: n2, get: x, expect: {value: B}}
    - {at: 3s, as: bob, via: n2, get: x, expect: {value: C}}
)");
  REQUIRE(run.chains.size() == 2);
  const auto schedule = std::make_shared<const sim::Schedule>();
  const auto first = explain(run.scenario, run.scenario->seed, schedule, {}, run.result, {.first_only = true});
  REQUIRE(first.size() == 1);
  CHECK(rig::text_of(first.front()) == rig::text_of(run.chains.front()));
  CHECK(first.front().cause == run.chains.front().cause);
}

// n1 and n2 hang on one switch each, and only the link of n3's switch is down.
TEST_CASE("a link that is down is blamed for the ways that it cuts, and for no other") {
  const auto run = rig::explained(R"(run: 8s
cluster: {nodes: 3, n: 3, r: 1, w: 3, quorum: strict}
network:
  topology:
    places: [core]
    links:
      - {between: [n1, core], latency: 1ms}
      - {between: [n2, core], latency: 1ms}
      - {between: [n3, core], latency: 1ms}
      - {between: [n1, n2], latency: 2ms}
workload:
  steps:
    - {at: 4s, as: ann, via: n1, put: x, value: A}
faults:
  - {at: 2s, for: 5s, link_down: [n3, core]}
  - {at: 3s, for: 3s, link_down: [n2, core]}
expect: [puts_ok == 1]
)",
                                  true);
  const Chain& chain = run.first(About::kExpectation);
  CHECK(rig::mentions(chain, "n3"));
  INFO(rig::text_of(chain));
  std::size_t faults = 0;
  for (const Step& step : chain.steps) faults += step.text.starts_with("fault") ? 1 : 0;
  CHECK(faults == 1);  // n2 is still reached over its own link to n1
}

TEST_CASE("an idle cluster whose messages show nothing is not explained by a guess") {
  const auto run = rig::explained("run: 2s\ncluster: {nodes: 3}\nworkload: {clients: 2}\n");
  sim::World world(run.scenario, run.scenario->seed, std::make_shared<const sim::Schedule>());
  Recorder recorder(world, {});
  while (recorder.step()) {
  }
  const Record record = recorder.take();
  const Case about(world, record);
  const Found found{.violation = {.invariant = sim::Invariant::kQuiet,
                                  .breach = sim::Breach::kNotQuiet,
                                  .at_ns = record.end.at_ns + 2 * kSecond,
                                  .node = 1,
                                  .key = {},
                                  .detail = "it reads 3 values from its disk"},
                    .when = record.end};
  Steps steps(about);
  explain_violation(about, found, steps);
  Chain chain;
  steps.finish(chain, record.end.event);
  rig::check_tells(chain, {"a copy of the cluster idles", "no message, hint or report", "it reads 3 values"});
  CHECK_FALSE(chain.proven());
  CHECK(chain.cause.empty());
}

}  // namespace
}  // namespace dkv::why
