#pragma once

#include <optional>
#include <string>

#include "engine/core/types.h"
#include "viz/model/session.h"

namespace dkv::viz {

struct Desk;

// Lets time pass. What is shown lies at or after the session's moment and before its next event, so that messages move
// smoothly between events.
struct Player {
  TimeNs shown_ns = 0;
  bool playing = false;
  double speed = 0.005;  // simulated seconds in a second
  bool pauses_at_violations = true;
  bool exploring = false;  // the whole run is being played once, to know it; then back_to
  EventNumber back_to = 0;
  std::optional<TimeNs> back_to_ns;  // rather than back_to

  // One frame. seconds: since the last one.
  void tick(Desk& desk, double seconds);
  // Whether the next frame will differ from this one by itself.
  bool restless() const { return playing || working_; }

  void toggle(Desk& desk);
  void step(Desk& desk);
  void step_back(Desk& desk);
  void seek(Desk& desk, EventNumber event);
  void seek_time(Desk& desk, TimeNs at_ns);
  void run_until(Desk& desk, const Until& until, std::string what);
  void explore(Desk& desk, EventNumber then);
  void stop(Desk& desk);  // whatever is going on

 private:
  void play_on(Desk& desk, double seconds);
  void arrived(Desk& desk);
  bool stop_at_violation(Desk& desk);

  bool working_ = false;
  bool snaps_ = true;          // what is shown next is the moment of an event, not a time that was asked for
  EventNumber looked_at_ = 0;  // violations up to here have been shown
  std::string waiting_for_;    // what run_until() looks for
};

// The speeds that there are, ascending, and how a person reads them.
struct Speed {
  double factor;
  const char* text;
};
inline constexpr Speed kSpeeds[] = {{0.0002, "0.2 ms/s"}, {0.001, "1 ms/s"}, {0.005, "5 ms/s"}, {0.02, "20 ms/s"},
                                    {0.1, "100 ms/s"},    {1, "real time"},  {5, "5x"},         {20, "20x"}};

}  // namespace dkv::viz
