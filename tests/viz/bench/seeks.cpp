// Measures the time to reach any moment of a long run: viz_seeks [SCENARIO [EVENTS [SEEKS [BUDGET_MIB]]]]. The
// default is the load of the simulator's benchmark, 1,000,000 events and 500 seeks to random events.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "sim/capsule/source.h"
#include "sim/kernel/rng.h"
#include "viz/model/session.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// The CPU time of this process, which other load on the machine does not affect.
double processor_ms() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

struct Taken {
  std::vector<double> wall_ms, processor_ms;
};

// The same load as in `distri-kv bench sim`: 64 clients in a closed loop of reads and modifications, five nodes,
// 1,000 keys.
constexpr const char* kLoad = R"(run: 300s
cluster: {nodes: 5, partitions: 256}
workload:
  clients: 64
  load: {think: {exponential: {mean: 5ms}}}
  mix: {get: 0, put: 0, update: 100}
  keys: {count: 1000}
  value: 100B
)";

sim::Source source_of(const char* path) {
  if (path) {
    auto loaded = sim::load_any({.scenario_path = path, .seed = {}, .schedule_path = {}, .overrides = {}});
    if (loaded) return std::move(*loaded);
    std::fprintf(stderr, "%s", to_string(loaded.error()).c_str());
    std::exit(2);
  }
  auto scenario = sim::load_scenario_text(kLoad, "bench.yaml");
  if (!scenario) {
    std::fprintf(stderr, "%s", to_string(scenario.error()).c_str());
    std::exit(2);
  }
  return {.scenario = std::make_shared<const sim::Scenario>(std::move(*scenario)),
          .seed = 1,
          .schedule = std::make_shared<const sim::Schedule>(),
          .scenario_text = kLoad,
          .overrides = {},
          .swarm_seed = {}};
}

void print(const char* what, Taken taken) {
  for (std::vector<double>* ms : {&taken.wall_ms, &taken.processor_ms}) {
    std::sort(ms->begin(), ms->end());
    const auto at = [&](std::size_t percent) { return (*ms)[std::min(ms->size() - 1, ms->size() * percent / 100)]; };
    std::printf("%-22s %-14s p50 %7.1f  p95 %7.1f  p99 %7.1f  worst %7.1f ms\n", what,
                ms == &taken.wall_ms ? "wall" : "processor", at(50), at(95), at(99), ms->back());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "-";
  const EventNumber events = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const std::size_t seeks = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 500;
  SessionOptions options;
  if (argc > 4) options.snapshot_bytes_max = std::strtoull(argv[4], nullptr, 10) << 20;
  Session session(source_of(path == "-" ? nullptr : path.c_str()), options);
  auto begin = Clock::now();
  session.seek(events);
  session.finish();
  const EventNumber last = session.at();
  const double played_ms = ms_since(begin);
  std::printf("%llu events, %.1f s simulated; played and recorded in %.2f s (%.0f ns an event)\n",
              static_cast<unsigned long long>(last), static_cast<double>(session.now_ns()) / 1e9, played_ms / 1e3,
              played_ms * 1e6 / static_cast<double>(last));
  const SessionStats stats = session.stats();
  std::printf("%zu snapshots, %.0f MiB; log %.0f MiB; a copy of the world takes %.1f ms\n", stats.snapshots,
              static_cast<double>(stats.snapshot_bytes) / (1 << 20), static_cast<double>(stats.log_bytes) / (1 << 20),
              static_cast<double>(stats.copy_ns) / 1e6);
  sim::Stream random(1, sim::Purpose::kSwarm);
  const auto timed = [&](EventNumber to, Taken& taken) {
    begin = Clock::now();
    const double before = processor_ms();
    session.seek(to);
    session.finish();
    taken.wall_ms.push_back(ms_since(begin));
    taken.processor_ms.push_back(processor_ms() - before);
  };
  Taken anywhere, back, forward, unused;
  for (std::size_t i = 0; i < seeks; ++i) timed(random.below(last) + 1, anywhere);
  print("seek to a random event", anywhere);
  for (std::size_t i = 0; i < seeks / 5; ++i) {
    if (i % 20 == 0) timed(random.below(last / 2) + last / 2, unused);
    timed(session.at() - 1, back);
  }
  print("step back", back);
  for (std::size_t i = 0; i < seeks / 5; ++i) timed(std::min(last, session.at() + 1), forward);
  print("step forward", forward);
  if (session.error()) std::printf("%s\n", session.error()->c_str());
  return session.error() ? 1 : 0;
}
