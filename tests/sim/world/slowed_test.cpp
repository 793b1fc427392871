#include "sim/world/slowed.h"

#include "sim/world/runner.h"
#include "sim/world/world.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

RunResult slowed_by_minutes(FaultKind kind) {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 50);
  scenario.run_ns = 5 * kSecond;
  Fault slow = kit::fault(kind, 2 * kSecond, 100 * kMillisecond, {0});
  slow.delay = Distribution::constant(600 * kSecond);
  return run(std::make_shared<const Scenario>(scenario), 1, std::make_shared<const Schedule>(Schedule{slow}));
}

}  // namespace

TEST_CASE("a sync that a fault slowed for minutes ends with the heal") {
  const RunResult result = slowed_by_minutes(FaultKind::kSlowDisk);
  CHECK(result.pass);
  CHECK(result.converged_after_ns < 10 * kSecond);
}

TEST_CASE("events of a process that a fault slowed for minutes come with the heal") {
  const RunResult result = slowed_by_minutes(FaultKind::kSlow);
  CHECK(result.pass);
  CHECK(result.converged_after_ns < 10 * kSecond);
}

TEST_CASE("slowed events come in their order, and other events keep their time") {
  EventQueue<Scheduled> queue;
  const auto slowed = [](NodeId node) { return Scheduled{TimerDue{.node = node}, 1}; };
  queue.push(9 * kSecond, slowed(3));
  queue.push(5 * kSecond, slowed(1));
  queue.push(5 * kSecond, slowed(2));
  queue.push(2 * kSecond, Scheduled{Heal{}});
  queue.push(3 * kSecond, Scheduled{DiskEnds{.node = 0}});
  end_slowness(queue, kSecond);
  std::vector<NodeId> nodes;
  for (int i = 0; i < 4; ++i) {
    CHECK(queue.next_time() == kSecond + 1);
    const Scheduled event = queue.pop();
    if (const auto* timer = std::get_if<TimerDue>(&event.what)) nodes.push_back(timer->node);
    if (const auto* ends = std::get_if<DiskEnds>(&event.what)) nodes.push_back(ends->node);
  }
  CHECK(nodes == std::vector<NodeId>{0, 1, 2, 3});
  CHECK(queue.next_time() == 2 * kSecond);
  CHECK(std::holds_alternative<Heal>(queue.pop().what));
}

TEST_CASE("a delay of less than a second stays as it was drawn") {
  EventQueue<Scheduled> queue;
  queue.push(kSecond + 900 * kMillisecond, Scheduled{TimerDue{.node = 1}, 1});
  end_slowness(queue, kSecond);
  CHECK(queue.size() == 1);
  CHECK(queue.next_time() == kSecond + 900 * kMillisecond);
}
