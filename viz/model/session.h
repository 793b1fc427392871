#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "sim/capsule/source.h"
#include "sim/scenario/command.h"
#include "sim/world/world.h"
#include "viz/model/branch.h"
#include "viz/model/recorder.h"
#include "viz/model/records.h"
#include "viz/model/snapshots.h"

namespace dkv::viz {

struct SessionOptions {
  std::uint64_t snapshot_bytes_max = 768u << 20;  // for all branches; the first snapshot always stays
  std::uint64_t log_bytes_max = 192u << 20;       // for the events of each branch
  Spacing spacing;
  std::int64_t ns_per_event = 0;  // assumed cost of an event; 0: measured. The results do not depend on it
  sim::WorldOptions world;
};

// Where to stop: the first match after the shown moment.
struct Until {
  enum class What : std::uint8_t {
    kFinding,    // an oracle finds a violation, or a scripted step is not answered as it expects
    kSetback,    // an operation goes wrong: a stale read, an acknowledged write that is lost or discarded
    kEvent,      // an event at the node
    kMessage,    // a message between nodes arrives at the node or comes from it
    kOperation,  // an operation of a client ends
    kFault,      // a fault begins or ends
    kEnd,        // the end of the run
  };
  What what = What::kEnd;
  NodeId node = kNoNode;   // any
  KeyNumber key = kNoKey;  // kMessage: any
};

struct SessionStats {
  std::size_t snapshots = 0;
  std::size_t snapshots_taken = 0;  // since the beginning, of all branches
  std::uint64_t snapshot_bytes = 0;
  std::uint64_t log_bytes = 0;
  std::uint64_t events_replayed = 0;  // events that had been played before
  std::int64_t copy_ns = 0;           // the recent cost of a copy of the world
};

// A run that can be shown at any moment, and changed at any moment. To go back, the session plays on from the nearest
// earlier copy of the world. A part that is played again must give the state hashes of the first time. Not
// thread-safe. Long work is done in slices: seek() and others set goals, and advance() works towards them.
class Session {
 public:
  // Begins at moment 0 of the run as in the file.
  explicit Session(sim::Source source, const SessionOptions& options = {});

  // --- The shown moment. The address of the world changes with advance(), apply() and switch_to().
  const sim::World& world() const noexcept { return *world_; }
  EventNumber at() const noexcept { return world_->events(); }
  TimeNs now_ns() const noexcept { return world_->now(); }

  // --- Goals. A new goal replaces the last one.
  void seek(EventNumber event);  // beyond the end: the end
  void seek_time(TimeNs at_ns);  // the last moment at or before the time
  void run_until(const Until& until);
  void step() { seek(at() + 1); }
  void step_back() { seek(at() == 0 ? 0 : at() - 1); }
  void cancel();  // stays at the present moment

  // Whether the last run_until() has found a match. If not, it stopped at the end of the run.
  bool met() const noexcept { return until_met_; }

  bool busy() const noexcept { return goal_.has_value(); }
  // The finished share of the goal, 0 to 1; an estimate.
  double progress() const noexcept;
  // Works for about this long; a copy of the world (SessionStats::copy_ns) may exceed it. True when nothing is left
  // to do: the goal is reached, and the log has the events of want().
  bool advance(std::chrono::nanoseconds budget);
  // Works until nothing is left to do.
  void finish();
  // An error of the session itself: a part that was played again differed from the first time. Then
  // nothing that is shown can be trusted.
  const std::optional<std::string>& error() const noexcept { return error_; }

  // --- Known events.
  const Branch& branch() const noexcept { return *branches_[branch_]; }
  const EventLog& log() const noexcept { return branch().log; }
  const KeyTable& keys() const noexcept { return keys_; }
  // Requests the events [from, to] for the log, as far as they have been played. The next call replaces this one.
  void want(EventNumber from, EventNumber to) noexcept;
  const sim::Source& source() const noexcept { return source_; }
  const sim::Scenario& scenario() const noexcept { return *source_.scenario; }
  SessionStats stats() const;

  // --- What if.
  // Carries the command out at the shown moment and fills in at_event. From here on the run is another branch, which
  // is then shown. A branch (except the first) that was never played further takes the command itself. Cancels the
  // goal. Fails when the command makes no sense at this moment.
  Result<void> apply(sim::Command command);
  std::size_t branch_count() const noexcept { return branches_.size(); }
  const Branch& branch(BranchId id) const noexcept { return *branches_[id]; }
  // Shows the other branch at this time, or at the last moment that it has been played to when that is earlier.
  // advance() does the work.
  void switch_to(BranchId id, TimeNs at_ns);
  // A scenario file that plays the branch: the same events and the same fingerprint. Fails for a run that no scenario
  // file can describe: a run of the swarm, or one with a schedule that a scenario does not allow.
  Result<std::string> scenario_text(BranchId id) const;

 private:
  struct Goal {
    enum class Kind : std::uint8_t { kEvent, kTime, kUntil };
    Kind kind = Kind::kEvent;
    EventNumber event = 0;
    TimeNs at_ns = 0;
    Until until;
    EventNumber from = 0;  // the event where the work began
  };
  using Clock = std::chrono::steady_clock;

  Branch& line() noexcept { return *branches_[branch_]; }
  std::unique_ptr<sim::World> copy_of(const Snapshot& snapshot);
  void begin(Goal goal);
  bool reached(sim::World& world) const;
  bool matches(const Until& until) const noexcept;
  // Plays up to the event, the next mark or the goal, whichever comes first. goal: whether the goal counts.
  void play(sim::World& world, EventNumber upto, bool goal);
  // Carries out the commands that are due before the next event.
  static void feed(sim::World& world, const sim::Commands& commands, sim::Observer* observer);
  void mark(const sim::World& world, bool fresh);
  void keep_snapshot(const sim::World& world, std::int64_t cost_ns, bool fresh);
  void maybe_snapshot(const sim::World& world, bool fresh);
  // fresh: the last snapshot of the shown branch was just taken where nothing had been played before.
  void thin(bool fresh);
  void note_failed_steps(const sim::World& world);
  void collect_story(EventNumber event);
  void tell_again(Branch& fork);
  bool work_on_goal(Clock::time_point until);
  bool fill_log(Clock::time_point until);
  std::int64_t cost_at(EventNumber event) const noexcept;
  std::uint64_t snapshot_bytes() const;

  sim::Source source_;
  SessionOptions options_;
  KeyTable keys_;
  Recorder recorder_;
  std::vector<std::unique_ptr<Branch>> branches_;
  BranchId branch_ = 0;
  std::unique_ptr<sim::World> world_;  // never null
  std::unique_ptr<sim::World> work_;   // plays towards the goal from a snapshot; null: world_ does it itself
  std::optional<Goal> goal_;
  bool until_met_ = false;
  std::unique_ptr<sim::World> fill_;  // plays the parts again that the log does not have
  EventNumber want_from_ = 1, want_to_ = 0;
  std::optional<std::string> error_;
  std::uint64_t events_replayed_ = 0;
  std::int64_t copy_ns_ = 0;
  std::size_t snapshots_taken_ = 0;
  bool crowded_ = false;  // the snapshots have filled their memory
};

}  // namespace dkv::viz
