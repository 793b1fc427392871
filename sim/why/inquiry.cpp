#include "sim/why/inquiry.h"

#include <algorithm>

#include "sim/world/runner.h"

namespace dkv::why {

Inquiry::Inquiry(std::shared_ptr<const sim::Scenario> scenario, std::uint64_t seed,
                 std::shared_ptr<const sim::Schedule> schedule, const sim::WorldOptions& options,
                 const Question& question)
    : scenario_(std::move(scenario)),
      seed_(seed),
      schedule_(std::move(schedule)),
      options_(options),
      question_(question),
      world_(std::make_unique<sim::World>(scenario_, seed_, schedule_, options_)) {}

Inquiry::~Inquiry() = default;

bool Inquiry::advance(std::uint64_t events_max) {
  for (; events_max > 0 && phase_ == Phase::kResult; --events_max) {
    if (world_->step()) continue;
    result_ = sim::summarize(*world_);
    begin_record();
  }
  for (; events_max > 0 && phase_ == Phase::kRecord; --events_max) {
    if (recorder_->step()) continue;
    chains_ = explain_record(*world_, recorder_->take(), result_, question_);
    phase_ = Phase::kFinished;
  }
  if (finished()) {
    recorder_.reset();
    world_.reset();
  }
  return finished();
}

void Inquiry::begin_record() {
  if (!has_questions(result_, question_)) {
    phase_ = Phase::kFinished;
    return;
  }
  phase_ = Phase::kRecord;
  world_ = std::make_unique<sim::World>(scenario_, seed_, schedule_, options_);
  recorder_ = std::make_unique<Recorder>(*world_, follow_of(*scenario_, result_, question_));
}

double Inquiry::progress() const noexcept {
  if (finished()) return 1;
  const double played = phase_ == Phase::kResult
                            ? static_cast<double>(world_->now()) / static_cast<double>(scenario_->run_ns)
                            : static_cast<double>(world_->events()) / static_cast<double>(result_.events);
  return std::min(1.0, played) / 2 + (phase_ == Phase::kRecord ? 0.5 : 0.0);
}

}  // namespace dkv::why
