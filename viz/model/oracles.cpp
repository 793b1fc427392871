#include "viz/model/oracles.h"

#include <algorithm>

namespace dkv::viz {

std::uint64_t discards_so_far(const Branch& branch, const sim::World& world) {
  const auto end = std::ranges::upper_bound(branch.setbacks, world.events(), {}, &FoundSetback::event);
  const auto found = static_cast<std::uint64_t>(std::count_if(
      branch.setbacks.begin(), end, [](const auto& one) { return one.setback.kind == sim::SetbackKind::kDiscarded; }));
  // At the end the oracle has counted them, even when there are more than the branch keeps.
  return world.judge() ? std::max(found, world.judge()->counters().discarded_by_lww) : found;
}

std::array<InvariantView, sim::kInvariants> invariants(const Branch& branch, const sim::World& world) {
  std::array<InvariantView, sim::kInvariants> views;
  for (std::size_t i = 0; i < views.size(); ++i) {
    views[i].invariant = static_cast<sim::Invariant>(i);
    views[i].expected = std::ranges::any_of(world.scenario().expected_violations, [&](const std::string& code) {
      return code == sim::invariant_code(views[i].invariant);
    });
  }
  if (const sim::Oracle* judge = world.judge()) {
    for (const sim::NotJudged& one : judge->not_judged()) {
      views[static_cast<std::size_t>(one.invariant)].not_judged = one.why;
    }
  }
  for (const FoundViolation& one : branch.violations) {
    InvariantView& view = views[static_cast<std::size_t>(one.violation.invariant)];
    if (view.found + view.later == 0) view.first = one.event;
    ++(one.event <= world.events() ? view.found : view.later);
  }
  return views;
}

}  // namespace dkv::viz
