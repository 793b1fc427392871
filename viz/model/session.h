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
  std::uint64_t snapshot_bytes_max = 768u << 20;  // of all branches; the first snapshot stays in any case
  std::uint64_t log_bytes_max = 192u << 20;       // of each branch's events
  Spacing spacing;
  std::int64_t ns_per_event = 0;  // what an event is taken to cost; 0: the clock says. Results do not depend on it
  sim::WorldOptions world;
};

// Where to stop. Each is looked for after the moment that is shown.
struct Until {
  enum class What : std::uint8_t {
    kViolation,  // an oracle finds something
    kEvent,      // something happens at node
    kMessage,    // a message between nodes arrives at or from node
    kOperation,  // an operation of a client ends
    kFault,      // a fault begins or ends
    kEnd,        // the run is over
  };
  What what = What::kEnd;
  NodeId node = kNoNode;   // any
  KeyNumber key = kNoKey;  // kMessage: any
};

struct SessionStats {
  std::size_t snapshots = 0;
  std::uint64_t snapshot_bytes = 0;
  std::uint64_t log_bytes = 0;
  std::uint64_t events_replayed = 0;  // that had been played before
  std::int64_t copy_ns = 0;           // what a copy of the world takes, lately
};

// A run that can be looked at in any of its moments, and changed in any. Going back is going on from the nearest copy
// of the world; what is played again is held to the state hashes of the first time. Not thread-safe. Long work is done
// in slices: goals are set by seek() and others, and reached by advance().
class Session {
 public:
  // At moment 0 of the run as the file says.
  explicit Session(sim::Source source, const SessionOptions& options = {});

  // --- The moment that is shown. The world's address changes with advance(), apply() and switch_to().
  const sim::World& world() const noexcept { return *world_; }
  EventNumber at() const noexcept { return world_->events(); }
  TimeNs now_ns() const noexcept { return world_->now(); }

  // --- Goals; a new one replaces the last.
  void seek(EventNumber event);  // past the end: the end
  void seek_time(TimeNs at_ns);  // the last moment not after the time
  void run_until(const Until& until);
  void step() { seek(at() + 1); }
  void step_back() { seek(at() == 0 ? 0 : at() - 1); }
  void cancel();  // stays where it is

  bool busy() const noexcept { return goal_.has_value(); }
  // 0 to 1: how much of the goal is done, as far as that can be known.
  double progress() const noexcept;
  // Works for about so long, a copy of the world (SessionStats::copy_ns) at the worst longer. True when nothing is left
  // to do: the goal is reached, and the events of want() are at hand.
  bool advance(std::chrono::nanoseconds budget);
  // Works until nothing is left to do.
  void finish();
  // What was found to be wrong with the session itself: a part that was played again took another course than the
  // first time. Nothing that is shown can be trusted then.
  const std::optional<std::string>& error() const noexcept { return error_; }

  // --- What is known.
  const Branch& branch() const noexcept { return *branches_[branch_]; }
  const EventLog& log() const noexcept { return branch().log; }
  const KeyTable& keys() const noexcept { return keys_; }
  // The events [from, to] are wanted in the log, as far as they have been played; until the next call.
  void want(EventNumber from, EventNumber to) noexcept;
  const sim::Source& source() const noexcept { return source_; }
  const sim::Scenario& scenario() const noexcept { return *source_.scenario; }
  SessionStats stats() const;

  // --- What if.
  // Carries the command out at the moment that is shown; at_event is filled in. From here on it is another branch,
  // which is shown; a branch (not the first) that was never played further takes the command itself. Cancels the goal.
  // Fails when the command makes no sense at this moment.
  Result<void> apply(sim::Command command);
  std::size_t branch_count() const noexcept { return branches_.size(); }
  const Branch& branch(BranchId id) const noexcept { return *branches_[id]; }
  // Shows the other branch, at the same moment or as far as that has been played. Work is left to advance().
  void switch_to(BranchId id);
  // A scenario file that plays the branch: the same events, the same fingerprint. Fails for a run that no scenario file
  // can say: of the swarm, or with a schedule of its own that a scenario does not allow.
  Result<std::string> scenario_text(BranchId id) const;

 private:
  struct Goal {
    enum class Kind : std::uint8_t { kEvent, kTime, kUntil };
    Kind kind = Kind::kEvent;
    EventNumber event = 0;
    TimeNs at_ns = 0;
    Until until;
    EventNumber from = 0;  // where the work began
  };
  using Clock = std::chrono::steady_clock;

  Branch& line() noexcept { return *branches_[branch_]; }
  std::unique_ptr<sim::World> copy_of(const Snapshot& snapshot);
  void begin(Goal goal);
  bool reached(sim::World& world) const;
  bool matches(const Until& until) const noexcept;
  // Plays up to the event, the next mark or the goal, whatever comes first. goal: whether the goal counts.
  void play(sim::World& world, EventNumber upto, bool goal);
  // Carries out what is due before the next event.
  static void feed(sim::World& world, const sim::Commands& commands, sim::Observer* observer);
  void mark(const sim::World& world, bool fresh);
  void keep_snapshot(const sim::World& world, std::int64_t cost_ns, bool fresh);
  void maybe_snapshot(const sim::World& world, bool fresh);
  void thin();
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
  std::unique_ptr<sim::World> work_;   // on its way to the goal, from a snapshot; null: world_ itself is
  std::optional<Goal> goal_;
  bool until_met_ = false;
  std::unique_ptr<sim::World> fill_;  // plays again what the log lacks
  EventNumber want_from_ = 1, want_to_ = 0;
  std::optional<std::string> error_;
  std::uint64_t events_replayed_ = 0;
  std::int64_t copy_ns_ = 0;
};

}  // namespace dkv::viz
