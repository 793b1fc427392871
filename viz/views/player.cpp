#include "viz/views/player.h"

#include <algorithm>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {

void Player::tick(Workspace& workspace, double seconds) {
  if (playing && !workspace.session.busy()) play_on(workspace, seconds);
  // A frame has about 16 ms. Long work takes most of it, but the window stays responsive.
  const bool was_busy = workspace.session.busy();
  working_ = !workspace.session.advance(std::chrono::milliseconds(was_busy ? 11 : 5));
  if (!workspace.session.busy()) arrived(workspace);
  if (workspace.session.error() && !workspace.notice_bad) {
    playing = false;
    workspace.say(*workspace.session.error(), true);
  }
}

void Player::play_on(Workspace& workspace, double seconds) {
  // After a sleep or a slow frame, the time must not leap.
  const double passed = std::min(seconds, 0.1) * speed * 1e9;
  shown_ns += std::max<TimeNs>(1, static_cast<TimeNs>(passed));
  if (workspace.world().ended()) {
    playing = false;
    workspace.say("The run is over.");
    return;
  }
  looked_at_ = workspace.session.at();
  const TimeNs target = shown_ns;
  if (workspace.session.world().now() <= target) workspace.session.seek_time(target);
}

void Player::arrived(Workspace& workspace) {
  if (exploring) {
    exploring = false;
    if (!back_to_ns) {
      workspace.session.seek(back_to);
      snaps_ = true;
    } else {
      snaps_ = false;
      shown_ns = *back_to_ns;
      workspace.session.seek_time(*back_to_ns);
    }
    back_to_ns.reset();
    looked_at_ = 0;
    working_ = true;
    return;
  }
  if (!waiting_for_.empty()) {
    workspace.say(workspace.world().ended()
                      ? "The run is over: no " + waiting_for_ + " until its end."
                      : "Stopped at the next " + waiting_for_ + ", event " + count_text(workspace.session.at()) + '.');
    waiting_for_.clear();
    workspace.focus.event = workspace.session.at();
  }
  if (stop_at_violation(workspace)) return;
  const sim::World& world = workspace.world();
  if (snaps_ || shown_ns < world.now() || world.ended()) shown_ns = world.now();
  snaps_ = false;
  if (!world.ended()) shown_ns = std::min(shown_ns, std::max(world.now(), workspace.next_at_ns() - 1));
}

bool Player::stop_at_violation(Workspace& workspace) {
  if (!playing || !pauses_at_violations) return false;
  for (const FoundViolation& found : workspace.session.branch().violations) {
    if (found.event <= looked_at_ || found.event > workspace.session.at()) continue;
    playing = false;
    snaps_ = true;
    workspace.session.seek(found.event);
    working_ = true;
    workspace.focus.event = found.event;
    workspace.show(&kOraclesPanel);
    workspace.say(std::string("Paused: ") + sim::invariant_code(found.violation.invariant) + " " +
                      sim::invariant_name(found.violation.invariant) + " is violated.",
                  true);
    return true;
  }
  return false;
}

void Player::toggle(Workspace& workspace) {
  if (playing) {
    stop(workspace);
    return;
  }
  if (workspace.world().ended()) {
    seek(workspace, 0);
    workspace.say("From the beginning again.");
  }
  playing = true;
  waiting_for_.clear();
}

void Player::stop(Workspace& workspace) {
  playing = false;
  exploring = false;
  waiting_for_.clear();
  workspace.session.cancel();
}

void Player::step(Workspace& workspace) {
  seek(workspace, workspace.session.at() + 1);
}

void Player::step_back(Workspace& workspace) {
  seek(workspace, workspace.session.at() == 0 ? 0 : workspace.session.at() - 1);
}

void Player::seek(Workspace& workspace, EventNumber event) {
  stop(workspace);
  snaps_ = true;
  workspace.session.seek(event);
  working_ = true;
}

void Player::seek_time(Workspace& workspace, TimeNs at_ns) {
  stop(workspace);
  shown_ns = std::max<TimeNs>(0, at_ns);
  snaps_ = false;
  workspace.session.seek_time(shown_ns);
  working_ = true;
}

void Player::run_until(Workspace& workspace, const Until& until, std::string what) {
  stop(workspace);
  snaps_ = true;
  waiting_for_ = std::move(what);
  workspace.session.run_until(until);
  working_ = true;
}

void Player::explore(Workspace& workspace, EventNumber then) {
  stop(workspace);
  exploring = true;
  back_to = then;
  back_to_ns.reset();
  snaps_ = true;
  workspace.session.run_until({});
  working_ = true;
}

}  // namespace dkv::viz
