// Shared by tests of the debugger's model: runs, and the results of a straight run.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/capsule/source.h"
#include "sim/draw/fault_schedule.h"
#include "tests/catch.h"
#include "tests/sim/world/stormy.h"
#include "viz/model/session.h"

namespace dkv::viz::kit {

using sim::kit::kStormy;

inline constexpr const char* kCalm = R"(about: three nodes and some load
run: 3s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  clients: 4
  load: {rate: 100/s}
  mix: {get: 50, put: 30, update: 20}
  keys: {count: 10}
)";

sim::Source source_of(const std::string& text, std::uint64_t seed = 1);

// The scenario's world after all events up to this time.
sim::World world_at(const std::string& text, TimeNs at_ns, const sim::WorldOptions& options = {});

// Places snapshots by counting events, about one each 512. So no test depends on the speed of the machine.
SessionOptions counted();

// The state hash at each moment of a straight run; [0] is the beginning.
struct Straight {
  std::vector<std::uint64_t> fingerprints;
  std::vector<TimeNs> times;
  EventNumber last() const { return fingerprints.size() - 1; }
};
Straight straight(const sim::Source& source);

void go(Session& session, EventNumber event);

}  // namespace dkv::viz::kit
