#include <algorithm>
#include <array>

#include "sim/scenario/write.h"
#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

// The least, a quarter, a half.
template <class T>
std::array<T, 3> smaller(T value, T least) {
  return {least, std::max<T>(least, value / 4), std::max<T>(least, value / 2)};
}

}  // namespace

// Without any, and then less of each part.
std::vector<Scenario> smaller_loads(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  if (scenario.workload.clients == 0) return edits;
  const auto add = [&](auto&& change) {
    Scenario edit = scenario;
    change(edit.workload);
    edits.push_back(std::move(edit));
  };
  const WorkloadSpec& load = scenario.workload;
  add([](WorkloadSpec& edit) { edit.clients = 0; });
  for (const std::uint32_t rate : smaller(load.rate_per_s, 1u)) {
    if (load.shape == LoadShape::kOpen) add([&](WorkloadSpec& edit) { edit.rate_per_s = rate; });
  }
  for (const std::uint32_t clients : smaller(load.clients, 1u)) {
    add([&](WorkloadSpec& edit) { edit.clients = clients; });
  }
  for (const std::uint32_t keys : smaller(load.keys, 1u)) {
    add([&](WorkloadSpec& edit) { edit.keys = keys; });
  }
  for (const std::uint32_t bytes : smaller(load.value_bytes, 10u)) {
    add([&](WorkloadSpec& edit) { edit.value_bytes = bytes; });
  }
  for (std::uint32_t Mix::* part : {&Mix::get, &Mix::put, &Mix::blind_put, &Mix::update, &Mix::remove, &Mix::forge}) {
    if (load.mix.*part != 0) add([&](WorkloadSpec& edit) { edit.mix.*part = 0; });
    if (load.mix.*part > 1) add([&](WorkloadSpec& edit) { edit.mix.*part = 1; });
  }
  return edits;
}

}  // namespace dkv::sim
