// What the story tells of acknowledged writes: each case is one that it once told wrongly.
#include "sim/story/setbacks.h"

#include <memory>
#include <string>
#include <vector>

#include "sim/draw/fault_schedule.h"
#include "sim/story/story.h"
#include "sim/story/text.h"
#include "sim/world/runner.h"
#include "tests/sim/scenario/text.h"

namespace dkv::story {
namespace {

struct Told {
  std::string text;
  sim::RunResult result;

  bool has(const std::string& phrase) const { return text.find(phrase) != std::string::npos; }
};

Told told(const std::string& scenario_text) {
  const auto scenario = std::make_shared<const sim::Scenario>(sim::load_good(scenario_text));
  const auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, scenario->seed));
  sim::World world(scenario, scenario->seed, schedule);
  Story story(*scenario);
  for (bool more = true; more;) {
    more = world.step(&story);
    story.after_step(world);
  }
  story.finish(world);
  Told made;
  for (const Row& row : story.take_rows()) made.text += clock_time(row.at_ns) + " " + row.who + " " + row.text + "\n";
  made.result = sim::summarize(world);
  UNSCOPED_INFO(made.text);
  return made;
}

TEST_CASE("a replica that missed a write behind a partition is no stand-in, and no setting is the cause") {
  const Told story = told(R"(seed: 5
run: 16s
cluster: {nodes: 3, n: 3, r: 2, w: 2, anti_entropy: off, hints: {ttl: 1ms}}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: page, value: old}
    - {at: 4s, as: ann, via: n1, put: page, value: new}
    - {at: 12s, as: bob, via: n3, get: page, r: 1}
    - {at: 13s, as: bob, via: n3, get: page, r: 2}
faults: [{at: 2s, for: 8s, partition: [[n1, n2], [n3]]}]
)");
  CHECK(story.has("misses \"new\" (#2), acknowledged at 4.00"));
  CHECK(story.has("n3, which answered alone, never got it: the network lost the copy from n1 at 4.000s (partition)"));
  CHECK(story.has("n1 and n2 hold it"));
  CHECK_FALSE(story.has("stand-in"));
  CHECK_FALSE(story.has("r=1"));
}

TEST_CASE("a copy that is still on its way is the cause of a missed own write") {
  const Told story = told(R"(run: 3s
cluster: {nodes: 3, w: 2}
network: {rules: [{from: n1, to: n3, legs: [write], latency: 400ms}]}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: x, value: mine}
    - {at: 1100ms, as: ann, via: n3, get: x, r: 1}
    - {at: 2s, as: ann, via: n3, get: y}
)");
  CHECK(story.has("did not have it yet: the copy that n1 sent at 1.000s was on its way"));
  CHECK_FALSE(story.has("ever ("));
  CHECK(story.has("reads \"y\" via n3: finds nothing: never written"));
}

TEST_CASE("a write that last-write-wins discards is told at once, with both values, and counted") {
  const Told story = told(R"(run: 4s
cluster: {nodes: 3, conflicts: lww}
workload:
  steps:
    - {at: 1s, as: a, via: n1, put: x, value: A, blind: true}
    - {at: 2s, as: b, via: n2, put: x, value: B, blind: true}
)");
  CHECK(story.has("discards \"A\" (#1), acknowledged at 1.00"));
  CHECK(story.has("for \"B\" (#2), whose writer had not seen it"));
  CHECK_FALSE(story.has("replaces nothing"));
  CHECK(story.result.judge.discarded_by_lww == 1);
}

TEST_CASE("a lost delete is told when its disk goes, and again when its value is back") {
  const Told story = told(R"(run: 20s
cluster: {nodes: 3, r: 1, w: 1}
workload:
  steps:
    - {at: 1s, as: c, via: n1, put: cart, value: milk}
    - {at: 4s, as: c, via: n1, delete: cart}
    - {at: 18s, as: z, via: n1, get: cart}
faults:
  - {at: 3s, for: 7s, partition: [[n1], rest]}
  - {at: 6s, for: 2s, wipe: n1}
)");
  CHECK(story.has("6.000s !! lost key \"cart\": the delete #2, acknowledged at 4.00"));
  CHECK(story.has("finds \"milk\" (#1) again, although the delete #2 was acknowledged"));
  CHECK_FALSE(story.has("replaced"));
  REQUIRE(story.result.excused.size() == 1);
  CHECK(story.result.excused[0].remove);
}

TEST_CASE("a hint that has expired is told once, at that time, and the paths that were off are named") {
  const Told story = told(R"(seed: 3
run: 20s
heal_within: 5s
cluster: {nodes: 5, n: 3, r: 2, w: 2, read_repair: false, anti_entropy: off, hints: {ttl: 5s}}
workload:
  steps:
    - {at: 1s, as: ann, put: cart, value: milk}
    - {at: 4s, as: ann, put: cart, value: eggs}
faults: [{at: 3s, for: 10s, crash: n2}]
)");
  CHECK(story.has("gives up its hint of \"cart\" for n2: it has expired"));
  CHECK_FALSE(story.has("keeps 1 hint"));
  CHECK_FALSE(story.has("stored 1 hint"));
  CHECK(story.has("; read repair is off, anti-entropy is off and 1 hint expired after 5 s"));
}

TEST_CASE("gets that wait in their client's queue do not look slow") {
  const Told story = told(R"(seed: 7
run: 10s
cluster: {nodes: 3, n: 3, r: 2, w: 3}
workload: {clients: 4, load: {rate: 50/s}, mix: {get: 50, update: 50}}
faults: [{at: 3s, for: 4s, pause: n2}]
)");
  const auto get = static_cast<std::size_t>(sim::OperationKind::kGet);
  CHECK(story.result.service[get].quantile(9900) < 20 * kMillisecond);
  CHECK(story.result.waiting.greatest() > kSecond);
  CHECK(story.has("of waiting for a free client"));
}

}  // namespace
}  // namespace dkv::story
