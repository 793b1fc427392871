// Four seconds with most of the faults that the simulator has.
#pragma once

namespace dkv::sim::kit {

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

}  // namespace dkv::sim::kit
