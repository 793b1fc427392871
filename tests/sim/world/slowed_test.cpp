#include "sim/world/slowed.h"

#include "sim/world/runner.h"
#include "sim/world/world.h"
#include "tests/catch.h"
#include "tests/sim/scenario/text.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

RunResult slowed_by_minutes(const std::string& fault) {
  const Scenario scenario = load_good(
      "run: 5s\n"
      "cluster: {nodes: 3}\n"
      "workload: {clients: 4, load: {rate: 50/s}}\n"
      "faults:\n"
      "  - {at: 2s, for: 100ms, " +
      fault + ": {nodes: n1, by: 10m}}\n");
  return run(std::make_shared<const Scenario>(scenario), 1, nullptr);
}

}  // namespace

TEST_CASE("a sync that a fault slowed for minutes ends with the heal") {
  const RunResult result = slowed_by_minutes("slow_disk");
  CHECK(result.pass);
  CHECK(result.converged_after_ns < 10 * kSecond);
}

TEST_CASE("events of a process that a fault slowed for minutes come with the heal") {
  const RunResult result = slowed_by_minutes("slow");
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
  CHECK(end_slowness(queue, kSecond) == kSecond + 1);
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
  CHECK_FALSE(end_slowness(queue, kSecond));
  CHECK(queue.size() == 1);
  CHECK(queue.next_time() == kSecond + 900 * kMillisecond);
}
