#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/shrink/passes.h"
#include "sim/shrink/target.h"
#include "sim/shrink/trial.h"

namespace dkv::sim {

// Makes a failing scenario small, after "delta debugging" (A. Zeller, R. Hildebrandt, IEEE TSE 28(2), 2002): it
// proposes candidates, is told which of them fail in the wanted way, and keeps the smallest one. It plays nothing
// itself, and its caller may play several candidates at once:
//
//   while (const Scenario* next = shrinker.candidate(0)) shrinker.told(verdict_of(*next));
//
// A caller with several threads also plays candidate(1), candidate(2), ...: they come next if the ones before
// them do not fail. When one fails as wanted, those behind it are void. So the result and the number of tries do not
// depend on how many are played at once.
// Not thread-safe.
class Shrinker {
 public:
  // start: fails as `target` says; all its faults are timed (no palette).
  Shrinker(Scenario start, Target target);
  // The machine itself, over other passes, for its tests. The passes must outlive it.
  Shrinker(Scenario start, Target target, std::span<const Pass> passes);

  // The candidate `ahead` places behind the next one. Null when there is none. Good until told().
  const Scenario* candidate(std::size_t ahead);
  // What came of candidate(0). Answers whether it is the best one now.
  bool told(const Verdict& verdict);

  const Scenario& best() const noexcept { return best_; }
  const Target& target() const noexcept { return target_; }
  std::uint64_t tries() const noexcept { return tries_; }
  std::uint64_t accepted() const noexcept { return accepted_; }
  const char* doing() const;  // the pass of candidate(0), for the progress

  // Another breach that a candidate had, or another abort, and the first such candidate.
  struct Other {
    Failure failure;
    Scenario scenario;
  };
  const std::vector<Other>& others() const noexcept { return others_; }

 private:
  // A place in the passes: what comes next if everything before it was rejected.
  struct Cursor {
    std::size_t pass = 0;
    bool begun = false;    // the fields below are those of this pass
    bool changed = false;  // something was accepted in this round
    bool ended = false;
    std::size_t chunk = 0, begin = 0;                       // cuts
    std::shared_ptr<const std::vector<Scenario>> variants;  // changes
    std::size_t index = 0;
    std::uint64_t attempt = 0;  // 0: the own seed; else the seed
  };
  struct Proposal {
    Scenario scenario;
    std::uint64_t hash = 0;
    Cursor at;  // where it was made
  };

  void begin_pass(Cursor& cursor) const;
  void next_pass(Cursor& cursor) const;
  // The scenario at the cursor, before its seed is changed. None: the pass is over.
  std::optional<Scenario> change_at(const Cursor& cursor) const;
  void step_on(Cursor& cursor) const;
  bool propose();
  void accept(Proposal&& proposal);

  std::span<const Pass> passes_;
  Target target_;
  Scenario best_;
  std::vector<std::uint64_t> best_cost_;
  std::uint64_t tries_ = 0, accepted_ = 0;
  Cursor cursor_;                     // behind the last proposal
  std::deque<Proposal> proposals_;    // in order
  std::set<std::uint64_t> rejected_;  // hashes of texts, and of the proposals
  std::vector<Other> others_;
};

}  // namespace dkv::sim
