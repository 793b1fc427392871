#include "sim/curve/failure.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/world/runner.h"

namespace dkv::sim {
namespace {

template <class Is>
bool violates(const World& world, Is&& is) {
  return std::ranges::any_of(world.clients().wrong_values(), is) ||
         (world.judge() && std::ranges::any_of(world.judge()->violations(), is));
}

bool failed(const std::vector<Clients::FailedStep>& steps, const Step* step) {
  return std::ranges::any_of(steps, [&](const Clients::FailedStep& one) { return one.step == step; });
}

}  // namespace

std::optional<SameFailure> failure_of(const World& ended) {
  const RunResult result = summarize(ended);
  if (!result.violations.empty()) {
    const Violation& first = result.violations.front();
    SameFailure failure{
        .kind = SameFailure::Kind::kInvariant, .invariant = first.invariant, .breach = first.breach, .key = first.key};
    // With other luck the same violation is found a little later. The judgement at the end has no time of its own.
    if (first.at_ns < ended.scenario().run_ns) {
      failure.until_ns = first.at_ns + ended.scenario().cluster.request_timeout_ns;
    }
    return failure;
  }
  const std::vector<Expectation>& expect = ended.scenario().expect;
  const auto broken = std::ranges::find_if_not(expect, [&](const Expectation& one) { return holds(one, result); });
  if (broken != expect.end()) {
    return SameFailure{.kind = SameFailure::Kind::kExpectation,
                       .index = static_cast<std::size_t>(broken - expect.begin())};
  }
  if (ended.clients().failed_steps().empty()) return std::nullopt;
  const Step* step = ended.clients().failed_steps().front().step;
  return SameFailure{.kind = SameFailure::Kind::kStep, .step = step};
}

bool fails_by(const World& world, const SameFailure& failure) {
  if (failure.kind != SameFailure::Kind::kInvariant) return fails_like(world, failure);
  return violates(world, [&](const Violation& one) {
    return one.breach == failure.breach && one.key == failure.key && one.at_ns <= failure.until_ns;
  });
}

bool fails_like(const World& world, const SameFailure& failure) {
  switch (failure.kind) {
    case SameFailure::Kind::kInvariant:
      return violates(world, [&](const Violation& one) { return one.breach == failure.breach; });
    case SameFailure::Kind::kExpectation:
      return world.ended() && !holds(world.scenario().expect.at(failure.index), summarize(world));
    case SameFailure::Kind::kStep: return failed(world.clients().failed_steps(), failure.step);
  }
  return false;
}

}  // namespace dkv::sim
