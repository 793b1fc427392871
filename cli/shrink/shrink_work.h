// Plays the candidates of a shrinker in processes of their own: a broken invariant ends its process, and the search
// goes on.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "cli/terminal/child_process.h"
#include "engine/core/types.h"
#include "sim/shrink/shrinker.h"

namespace dkv::cli {

struct TrialWish {
  std::uint64_t events_max = std::numeric_limits<std::uint64_t>::max();  // as in Trial
  std::string cause;  // the candidate fails as wanted only with this cause (why::Chain); empty: with any
};

// A child of this process that plays one candidate. The parent must have no other threads when it begins.
class TrialProcess {
 public:
  TrialProcess(const sim::Scenario& candidate, const sim::Target& target, const TrialWish& wish);
  // Ends it, if it is still there.
  ~TrialProcess();
  TrialProcess(const TrialProcess&) = delete;
  TrialProcess& operator=(const TrialProcess&) = delete;

  // Its verdict, once it has ended. Call it when the descriptor can be read.
  bool read();
  int descriptor() const noexcept { return child_.descriptor(); }
  const sim::Verdict& verdict() const { return *verdict_; }  // after read() was true
  // After read() was true: the abort, if it did not end by itself.
  const std::optional<sim::Failure>& aborted() const noexcept { return aborted_; }

 private:
  void finish();

  std::uint64_t* played_;  // shared with the child: its events so far
  ChildProcess child_;
  std::string answer_text_;
  std::optional<sim::Verdict> verdict_;
  std::optional<sim::Failure> aborted_;
};

class ShrinkWork {
 public:
  // The shrinker must outlive this.
  ShrinkWork(sim::Shrinker& shrinker, std::uint32_t jobs, TrialWish wish);

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
  TrialWish wish_;
  std::size_t jobs_;
  std::deque<Task> asked_;  // in the order of the shrinker's candidates
};

}  // namespace dkv::cli
