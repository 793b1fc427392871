#include "sim/shrink/substance.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "sim/world/runner.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

constexpr std::uint8_t bit_of(OperationKind kind) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(kind));
}
constexpr std::uint8_t kWrites = bit_of(OperationKind::kPut) | bit_of(OperationKind::kDelete);
constexpr std::uint8_t kAll = kWrites | bit_of(OperationKind::kGet);

std::uint8_t kinds_of(std::string_view metric) {
  const auto has = [&](std::string_view word) { return metric.find(word) != std::string_view::npos; };
  if (has("read") || metric.starts_with("get")) return bit_of(OperationKind::kGet);
  if (metric.starts_with("put")) return bit_of(OperationKind::kPut);
  if (metric.starts_with("delete")) return bit_of(OperationKind::kDelete);
  return has("write") || has("hint") ? kWrites : kAll;
}

std::uint64_t count(const RunResult& result, std::uint8_t kinds, bool not_done) {
  std::uint64_t sum = 0;
  for (std::size_t kind = 0; kind < kOperationKinds; ++kind) {
    if ((kinds >> kind & 1) == 0) continue;
    const OperationCount& of_kind = result.operations[kind];
    sum += of_kind.refused + of_kind.unknown + (not_done ? 0 : of_kind.ok);
  }
  return sum;
}

// In the same way: a number without operations behind it is another failure.
bool fails_when_empty(const Scenario& scenario, const Target& target) {
  auto empty = std::make_shared<Scenario>(scenario);
  empty->palette.reset();
  empty->faults.clear();
  empty->commands.clear();
  empty->workload = {};
  World world(empty, empty->seed, std::make_shared<const Schedule>());
  while (world.step(nullptr)) {
  }
  const RunResult result = summarize(world);
  return std::ranges::any_of(failures_of(world, result), [&](const Failure& one) { return same(one.target, target); });
}

}  // namespace

bool keep_substance(const Scenario& scenario, const RunResult& result, Target& target) {
  if (target.kind != Target::Kind::kExpectation || !fails_when_empty(scenario, target)) return true;
  target.demanded_kinds = kinds_of(target.expect.metric);
  target.demands_failed = count(result, target.demanded_kinds, true) > 0;
  return count(result, target.demanded_kinds, false) > 0;
}

bool has_substance(const Target& target, const RunResult& result) {
  return target.demanded_kinds == 0 || count(result, target.demanded_kinds, target.demands_failed) > 0;
}

}  // namespace dkv::sim
