// What the tests of the debugger's model share: runs, and what a straight run comes to.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/fault_schedule.h"
#include "sim/scenario/source.h"
#include "tests/catch.h"
#include "viz/model/session.h"

namespace dkv::viz::kit {

inline constexpr const char* kStormy = R"(about: everything at once
run: 4s
heal_within: 60s
cluster: {nodes: 5, n: 3, r: 2, w: 2, heartbeat: {every: 100ms, unreachable_after: 400ms}, anti_entropy: {every: 500ms}}
network: {loss: 1%, duplicate: 1%, reorder: 1%}
workload:
  clients: 8
  load: {rate: 300/s}
  mix: {get: 40, put: 30, update: 20, delete: 10}
  keys: {count: 40}
faults:
  - {at: 1s, for: 1s, partition: [[n1, n2], [n3, n4, n5]]}
  - random: {every: 400ms, for: [50ms, 800ms], kinds: {crash: 2, power_loss: 2, pause: 1, one_way: 1, clog: 1, wipe: 1}}
)";

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

// Snapshots by counted events, so that no test depends on the speed of the machine: one each 512 events or so.
SessionOptions counted();

// The state hash of each moment of a straight run; [0] is the beginning.
struct Straight {
  std::vector<std::uint64_t> fingerprints;
  std::vector<TimeNs> times;
  EventNumber last() const { return fingerprints.size() - 1; }
};
Straight straight(const sim::Source& source);

void go(Session& session, EventNumber event);

}  // namespace dkv::viz::kit
