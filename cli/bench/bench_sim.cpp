#include "cli/bench/bench_sim.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <vector>

#include "cli/bench/figure.h"
#include "sim/world/world.h"

namespace dkv::cli {
namespace {

constexpr std::uint64_t kWarmUpEvents = 200'000;
constexpr std::uint64_t kEventsBetweenLooks = 4096;

double thread_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::uint64_t operations(const sim::World& world) {
  std::uint64_t done = 0;
  for (const sim::OperationCount& count : world.clients().counts()) done += count.ok;
  return done;
}

struct Sample {
  double ns_per_event = 0;
  double wall_ns_per_event = 0;
  double sim_seconds_per_second = 0;
  double operations_per_second = 0;
  std::uint64_t events = 0;
  double pending = 0;
};

Sample measure_once(const std::shared_ptr<const sim::Scenario>& scenario, const SimBenchArguments& arguments,
                    const sim::WorldOptions& options) {
  sim::World world(scenario, 1, std::make_shared<const sim::Schedule>(), options);
  while (world.events() < kWarmUpEvents) world.step();
  const std::uint64_t events_before = world.events(), operations_before = operations(world);
  const TimeNs sim_before = world.now();
  const double wall_before = wall_seconds(), before = thread_cpu_seconds();
  double took = 0, pending = 0;
  std::uint64_t looks = 0;
  const auto more = [&] {
    if (arguments.time_ns > 0) return took * 1e9 < static_cast<double>(arguments.time_ns);
    return world.events() - events_before < arguments.events;
  };
  do {
    for (std::uint64_t i = 0; i < kEventsBetweenLooks; ++i) world.step();
    pending += static_cast<double>(world.pending_events());
    ++looks;
    took = thread_cpu_seconds() - before;
  } while (more());
  const double wall_took = wall_seconds() - wall_before;
  const auto events = static_cast<double>(world.events() - events_before);
  return {.ns_per_event = took * 1e9 / events,
          .wall_ns_per_event = wall_took * 1e9 / events,
          .sim_seconds_per_second = static_cast<double>(world.now() - sim_before) / 1e9 / took,
          .operations_per_second = static_cast<double>(operations(world) - operations_before) / took,
          .events = world.events() - events_before,
          .pending = pending / static_cast<double>(looks)};
}

double median_of(const std::vector<Sample>& samples, double Sample::* field) {
  std::vector<double> numbers;
  for (const Sample& sample : samples) numbers.push_back(sample.*field);
  return median(std::move(numbers));
}

}  // namespace

sim::Scenario bench_scenario(std::uint32_t nodes, std::uint32_t keys) {
  sim::Scenario scenario{.name = fmt::format("bench-{}-nodes", nodes), .run_ns = 24 * 3600 * kSecond};
  for (NodeId node = 0; node < nodes; ++node) {
    scenario.cluster.members.push_back({.id = node, .name = fmt::format("n{}", node + 1)});
  }
  scenario.cluster.partitions = 256;
  // Each put follows a get and returns its context, so that objects stay as small as with careful clients.
  scenario.workload = {.clients = 64,
                       .shape = sim::LoadShape::kClosed,
                       .think = sim::Distribution::exponential(5 * kMillisecond),
                       .mix = {.get = 0, .put = 0, .update = 100},
                       .keys = keys,
                       .value_bytes = 100};
  return scenario;
}

SimSpeed measure_sim(const SimBenchArguments& arguments) {
  const auto scenario = std::make_shared<const sim::Scenario>(bench_scenario(arguments.nodes, arguments.keys));
  sim::Scenario in_memory = *scenario;
  in_memory.cluster.node.storage.backend = *storage_backend_of("memory");
  const auto without_log = std::make_shared<const sim::Scenario>(std::move(in_memory));
  std::vector<Sample> all, without_codec, without_oracle, without_storage;
  // Interleaved, so that a slow minute of the machine affects all equally.
  for (std::uint32_t i = 0; i < arguments.repetitions; ++i) {
    all.push_back(measure_once(scenario, arguments, {}));
    without_codec.push_back(measure_once(scenario, arguments, {.codec = false}));
    without_oracle.push_back(measure_once(scenario, arguments, {.oracle = false}));
    without_storage.push_back(measure_once(without_log, arguments, {}));
  }
  SimSpeed speed;
  speed.events = all.front().events;
  speed.total_ns = median_of(all, &Sample::ns_per_event);
  speed.events_per_second = 1e9 / speed.total_ns;
  speed.wall_events_per_second = 1e9 / median_of(all, &Sample::wall_ns_per_event);
  speed.codec_ns = std::max(0.0, speed.total_ns - median_of(without_codec, &Sample::ns_per_event));
  speed.oracles_ns = std::max(0.0, speed.total_ns - median_of(without_oracle, &Sample::ns_per_event));
  speed.storage_ns = std::max(0.0, speed.total_ns - median_of(without_storage, &Sample::ns_per_event));
  speed.pending_events = static_cast<std::uint64_t>(median_of(all, &Sample::pending));
  std::vector<double> queue;
  for (std::uint32_t i = 0; i < arguments.repetitions; ++i) {
    queue.push_back(measure_queue_ns(std::max<std::uint64_t>(speed.pending_events, 1), 1'000'000));
  }
  speed.queue_ns = median(std::move(queue));
  speed.rest_ns = speed.total_ns - speed.codec_ns - speed.oracles_ns - speed.storage_ns - speed.queue_ns;
  speed.sim_seconds_per_second = median_of(all, &Sample::sim_seconds_per_second);
  speed.operations_per_second = median_of(all, &Sample::operations_per_second);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  speed.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return speed;
}

}  // namespace dkv::cli
