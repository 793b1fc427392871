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

using BranchId = std::uint32_t;  // 0: the run as its file says
inline constexpr BranchId kNoBranch = ~BranchId{0};

// A line of the run's story. Some are told a little after they happened, when it is clear what they came to.
struct StoryLine {
  EventNumber event = 0;  // the moment from which on it is told
  story::Row row;
};

// One future of the run: its parent's, and other commands from a moment on. What lies before that moment is shared.
struct Branch {
  BranchId id = 0;
  BranchId parent = kNoBranch;
  EventNumber forked_at = 0;  // the moment of the first command that the parent has not
  sim::Commands commands;     // all since the beginning, the parent's included

  EventNumber explored = 0;  // the last moment that has been played
  TimeNs explored_ns = 0;
  std::int64_t explored_cost_ns = 0;
  bool ended = false;                      // explored is the run's end
  std::uint64_t fingerprint = 0;           // of the moment `explored`
  std::vector<FoundViolation> violations;  // this and the next two: of all that was played, ascending by event
  std::vector<OperationPoint> points;      // operations that ended
  std::vector<Note> landmarks;             // faults, lives of nodes, commands, the heal
  std::vector<StoryLine> story;
  EventLog log;

  // For the session.
  std::optional<story::Story> teller;  // of the moment `explored`
  Marks marks;
  Snapshots snapshots;
};

}  // namespace dkv::viz
