// Plays the candidates of a shrinker in processes of their own: a broken invariant ends its process, and the search
// goes on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/types.h"
#include "sim/shrink/shrinker.h"

namespace dkv::cli {

// A child of this process that plays one candidate. The parent must have no other threads when it begins.
class TrialProcess {
 public:
  // The candidate and the target are copied by the fork. events_max as in Trial.
  TrialProcess(const sim::Scenario& candidate, const sim::Target& target, std::uint64_t events_max);
  // Ends it, if it is still there.
  ~TrialProcess();
  TrialProcess(const TrialProcess&) = delete;
  TrialProcess& operator=(const TrialProcess&) = delete;

  // Its verdict, once it has ended. Call it when the descriptor can be read.
  bool read();
  int descriptor() const noexcept { return answer_; }
  const sim::Verdict& verdict() const { return *verdict_; }  // after read() was true
  // After read() was true: the abort, if it did not end by itself.
  const std::optional<sim::Failure>& aborted() const noexcept { return aborted_; }

 private:
  void finish();

  pid_t pid_ = -1;
  int answer_ = -1, words_ = -1;     // pipes: the verdict, and standard error
  std::uint64_t* played_ = nullptr;  // shared with the child: its events so far
  std::string answer_text_;
  std::optional<sim::Verdict> verdict_;
  std::optional<sim::Failure> aborted_;
};

class ShrinkWork {
 public:
  // events_max: when a candidate is given up. The shrinker must outlive this.
  ShrinkWork(sim::Shrinker& shrinker, std::uint32_t jobs, std::uint64_t events_max);

  enum class Came : std::uint8_t { kNothing, kRejected, kAccepted, kEnd };
  // Waits for the verdict on the next candidate, at most wait_ns, and tells it to the shrinker. kEnd: there is no
  // candidate any more.
  Came next(TimeNs wait_ns);

 private:
  struct Task {
    std::unique_ptr<TrialProcess> process;
    std::optional<sim::Verdict> verdict;
  };

  void fill();
  void wait(TimeNs wait_ns);

  sim::Shrinker& shrinker_;
  std::uint64_t events_max_;
  std::size_t jobs_;
  std::deque<Task> asked_;  // in the order of the shrinker's candidates
};

}  // namespace dkv::cli
