#pragma once

#include <optional>
#include <string>

#include "engine/core/types.h"
#include "viz/model/session.h"

namespace dkv::viz {

struct Workspace;

// What one can run until. The words are on its item in the menu, its name in scripts, and the goal in a notice.
struct Aim {
  const char* word;
  const char* label;
  Until::What what;
  const char* goal;
};
inline constexpr Aim kAims[] = {
    {"finding", "an oracle finds something", Until::What::kFinding, "finding"},
    {"setback", "an operation goes wrong", Until::What::kSetback, "operation that went wrong"},
    {"fault", "a fault begins or ends", Until::What::kFault, "fault"},
    {"operation", "an operation ends", Until::What::kOperation, "end of an operation"},
    {"message", "a message arrives", Until::What::kMessage, "message"},
    {"event", "an event at the node in focus", Until::What::kEvent, "event there"},
    {"end", "the end of the run", Until::What::kEnd, "end"}};
// Of the shortcuts and buttons.
inline constexpr const Aim& kAimFinding = kAims[0];
inline constexpr const Aim& kAimSetback = kAims[1];

// Lets the simulated time pass. The shown time lies at or after the session's moment and before its next event, so
// that messages move smoothly between events.
struct Player {
  TimeNs shown_ns = 0;
  bool playing = false;
  double speed = 0.005;  // simulated seconds per second
  bool pauses_at_violations = true;
  bool exploring = false;  // the whole run is being played once; afterwards the session returns to back_to
  EventNumber back_to = 0;
  std::optional<TimeNs> back_to_ns;  // if set, it is used instead of back_to

  // Advances by one frame. seconds: the time since the previous one.
  void tick(Workspace& workspace, double seconds);
  // Whether the next frame will differ from this one without any input.
  bool restless() const { return playing || working_; }

  void toggle(Workspace& workspace);
  void step(Workspace& workspace);
  void step_back(Workspace& workspace);
  void seek(Workspace& workspace, EventNumber event);
  void seek_time(Workspace& workspace, TimeNs at_ns);
  void run_until(Workspace& workspace, const Aim& aim);
  // Shows the other branch at the shown time, or at its end.
  void switch_to(Workspace& workspace, BranchId branch);
  void explore(Workspace& workspace, EventNumber then);
  void stop(Workspace& workspace);  // ends everything that is under way

 private:
  void play_on(Workspace& workspace, double seconds);
  void arrived(Workspace& workspace);
  bool stop_at_violation(Workspace& workspace);

  bool working_ = false;
  bool snaps_ = true;          // the next shown time is that of an event, not one that was asked for
  EventNumber looked_at_ = 0;  // violations up to this event have been shown
  std::string waiting_for_;    // the goal of run_until(), in words; empty: none
};

// The available speeds, ascending, with their labels.
struct Speed {
  double factor;
  const char* text;
};
inline constexpr Speed kSpeeds[] = {{0.0002, "0.2 ms/s"}, {0.001, "1 ms/s"}, {0.005, "5 ms/s"}, {0.02, "20 ms/s"},
                                    {0.1, "100 ms/s"},    {1, "real time"},  {5, "5x"},         {20, "20x"}};

}  // namespace dkv::viz
