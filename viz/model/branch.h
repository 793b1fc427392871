#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/command.h"
#include "sim/story/story.h"
#include "viz/model/event_log.h"
#include "viz/model/marks.h"
#include "viz/model/records.h"
#include "viz/model/snapshots.h"

namespace dkv::viz {

using BranchId = std::uint32_t;  // 0: the run as in its file
inline constexpr BranchId kNoBranch = ~BranchId{0};

// A line of the story. Some lines are told a little later than their event, when its outcome is clear.
struct StoryLine {
  EventNumber event = 0;  // the line is shown from this moment on
  story::Row row;
};

inline constexpr std::size_t kSetbacksMax = 20'000;
inline constexpr std::size_t kTakingsMax = 200'000;

// One future of the run: that of its parent up to a moment, with other commands from there on. It shares everything
// before that moment.
struct Branch {
  BranchId id = 0;
  BranchId parent = kNoBranch;
  EventNumber forked_at = 0;  // the moment of the first command that the parent does not have
  sim::Commands commands;     // all since the beginning, including those of the parent

  EventNumber explored = 0;  // the last moment that has been played
  TimeNs explored_ns = 0;
  std::int64_t explored_cost_ns = 0;
  bool ended = false;                      // the run ends at `explored`
  std::uint64_t fingerprint = 0;           // at the moment `explored`
  std::vector<FoundViolation> violations;  // of all played events, ascending by event, as the next ones
  std::vector<FoundSetback> setbacks;      // the first kSetbacksMax
  std::uint64_t setbacks_left_out = 0;     // more of them
  std::vector<FailedStep> failed_steps;
  std::vector<WriteNumber> writes;     // by tag - 1, of all writes that a node has been asked for
  std::vector<std::uint32_t> written;  // by session: the number of its writes
  std::vector<OperationPoint> points;  // operations that ended
  std::vector<Note> landmarks;         // faults, starts and ends of nodes, commands, the heal
  std::vector<Note> takings;           // damage found, tombstones forgotten, ends of processes: the first kTakingsMax
  std::vector<StoryLine> story;
  EventLog log;

  // Once ended: the expectations of the file and of its steps that do not hold, as `distri-kv run` says them.
  std::vector<std::string> failed_expectations;

  // Used by the session only.
  std::optional<story::Story> teller;  // at the moment `explored`
  Marks marks;
  Snapshots snapshots;
};

}  // namespace dkv::viz
