#include "sim/shrink/trial.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "sim/draw/fault_schedule.h"
#include "sim/scenario/load.h"
#include "sim/scenario/write.h"
#include "sim/shrink/substance.h"
#include "sim/world/runner.h"

namespace dkv::sim {
namespace {

std::shared_ptr<const Schedule> schedule_of(const Scenario& candidate) {
  DKV_ASSERT(!candidate.palette);
  return std::make_shared<const Schedule>(draw_schedule(candidate, candidate.seed));
}

}  // namespace

Trial::Trial(const Scenario& candidate, Target target, std::uint64_t events_max)
    : scenario_(std::make_shared<const Scenario>(candidate)),
      target_(std::move(target)),
      events_max_(events_max),
      world_(scenario_, candidate.seed, schedule_of(candidate)) {}

bool Trial::advance(std::uint64_t events) {
  const std::uint64_t end = world_.events() + events;
  while (world_.events() < end) {
    if (found_ || too_long_ || !world_.step(this)) return false;
    too_long_ = !found_ && !world_.ended() && world_.events() >= events_max_;
  }
  return true;
}

Verdict Trial::verdict() const {
  Verdict verdict{.fails = found_, .too_long = too_long_, .events = world_.events(), .others = told_};
  const auto wanted = [&](const Failure& failure) { return same(failure.target, target_); };
  if (world_.ended()) {
    const RunResult result = summarize(world_);
    verdict.others = failures_of(world_, result);
    verdict.fails = std::ranges::any_of(verdict.others, wanted) && has_substance(target_, result);
  }
  std::erase_if(verdict.others, wanted);
  verdict.fails = verdict.fails && can_be_written(*scenario_);
  return verdict;
}

std::optional<Failure> Trial::found() const {
  for (const Failure& failure : world_.ended() ? failures_of(world_, summarize(world_)) : told_) {
    if (same(failure.target, target_)) return failure;
  }
  return std::nullopt;
}

void Trial::on_violation(const Violation& violation) {
  const auto is_its_code = [&](const std::string& code) { return code == invariant_code(violation.invariant); };
  if (std::ranges::any_of(scenario_->expected_violations, is_its_code)) return;
  Failure failure{.target = {.kind = Target::Kind::kBreach, .breach = violation.breach},
                  .at_ns = violation.at_ns,
                  .key = violation.key,
                  .detail = violation.detail};
  found_ = found_ || same(failure.target, target_);
  const auto known = [&](const Failure& other) { return same(other.target, failure.target); };
  if (std::ranges::none_of(told_, known)) told_.push_back(std::move(failure));
}

bool can_be_written(const Scenario& candidate) {
  const std::string text = write_scenario(candidate);
  const auto read = load_scenario_text(text, candidate.name + ".yaml");
  return read && write_scenario(*read) == text;
}

}  // namespace dkv::sim
