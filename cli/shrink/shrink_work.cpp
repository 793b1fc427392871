#include "cli/shrink/shrink_work.h"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace dkv::cli {

ShrinkWork::ShrinkWork(sim::Shrinker& shrinker, std::uint32_t jobs, TrialWish wish)
    : shrinker_(shrinker), wish_(std::move(wish)), jobs_(jobs) {}

// A verdict that waits for the ones before it leaves its processor to the next candidate.
void ShrinkWork::fill() {
  const auto playing = [&] {
    return static_cast<std::size_t>(std::ranges::count_if(asked_, [](const Task& task) { return !task.verdict; }));
  };
  while (playing() < jobs_ && asked_.size() < 4 * jobs_) {
    const sim::Scenario* candidate = shrinker_.candidate(asked_.size());
    if (!candidate) return;
    asked_.push_back({std::make_unique<TrialProcess>(*candidate, shrinker_.target(), wish_), std::nullopt});
  }
}

void ShrinkWork::wait(TimeNs wait_ns) {
  std::vector<pollfd> descriptors;
  std::vector<Task*> tasks;
  for (Task& task : asked_) {
    if (task.verdict) continue;
    descriptors.push_back({.fd = task.process->descriptor(), .events = POLLIN, .revents = 0});
    tasks.push_back(&task);
  }
  if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(wait_ns / kMillisecond)) <= 0) return;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (descriptors[i].revents == 0 || !tasks[i]->process->read()) continue;
    tasks[i]->verdict = tasks[i]->process->verdict();
  }
}

ShrinkWork::Came ShrinkWork::next(TimeNs wait_ns) {
  fill();
  if (asked_.empty()) return Came::kEnd;
  if (!asked_.front().verdict) wait(wait_ns);
  if (!asked_.front().verdict) return Came::kNothing;
  sim::Verdict verdict = std::move(*asked_.front().verdict);
  asked_.pop_front();
  // An abort is what was wanted, or another failure.
  const auto wanted = [&](const sim::Failure& failure) { return sim::same(failure.target, shrinker_.target()); };
  if (std::ranges::any_of(verdict.others, wanted)) {
    verdict.fails = sim::can_be_written(*shrinker_.candidate(0));
    std::erase_if(verdict.others, wanted);
  }
  if (!shrinker_.told(verdict)) return Came::kRejected;
  asked_.clear();
  return Came::kAccepted;
}

}  // namespace dkv::cli
