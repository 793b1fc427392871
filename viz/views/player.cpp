#include "viz/views/player.h"

#include <algorithm>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {

void Player::tick(Desk& desk, double seconds) {
  if (playing && !desk.session.busy()) play_on(desk, seconds);
  // A frame has about 16 ms. Long work takes most of it, but the window stays responsive.
  const bool was_busy = desk.session.busy();
  working_ = !desk.session.advance(std::chrono::milliseconds(was_busy ? 11 : 5));
  if (!desk.session.busy()) arrived(desk);
  if (desk.session.error() && !desk.notice_bad) {
    playing = false;
    desk.say(*desk.session.error(), true);
  }
}

void Player::play_on(Desk& desk, double seconds) {
  // After a sleep or a slow frame, the time must not leap.
  const double passed = std::min(seconds, 0.1) * speed * 1e9;
  shown_ns += std::max<TimeNs>(1, static_cast<TimeNs>(passed));
  if (desk.world().ended()) {
    playing = false;
    desk.say("The run is over.");
    return;
  }
  looked_at_ = desk.session.at();
  const TimeNs target = shown_ns;
  if (desk.session.world().now() <= target) desk.session.seek_time(target);
}

void Player::arrived(Desk& desk) {
  if (exploring) {
    exploring = false;
    if (!back_to_ns) {
      desk.session.seek(back_to);
      snaps_ = true;
    } else {
      snaps_ = false;
      shown_ns = *back_to_ns;
      desk.session.seek_time(*back_to_ns);
    }
    back_to_ns.reset();
    looked_at_ = 0;
    working_ = true;
    return;
  }
  if (!waiting_for_.empty()) {
    desk.say(desk.world().ended()
                 ? "The run is over: no " + waiting_for_ + " until its end."
                 : "Stopped at the next " + waiting_for_ + ", event " + count_text(desk.session.at()) + '.');
    waiting_for_.clear();
    desk.focus.event = desk.session.at();
  }
  if (stop_at_violation(desk)) return;
  const sim::World& world = desk.world();
  if (snaps_ || shown_ns < world.now() || world.ended()) shown_ns = world.now();
  snaps_ = false;
  if (!world.ended()) shown_ns = std::min(shown_ns, std::max(world.now(), desk.next_at_ns() - 1));
}

bool Player::stop_at_violation(Desk& desk) {
  if (!playing || !pauses_at_violations) return false;
  for (const FoundViolation& found : desk.session.branch().violations) {
    if (found.event <= looked_at_ || found.event > desk.session.at()) continue;
    playing = false;
    snaps_ = true;
    desk.session.seek(found.event);
    working_ = true;
    desk.focus.event = found.event;
    desk.show(&kOraclesPanel);
    desk.say(std::string("Paused: ") + sim::invariant_code(found.violation.invariant) + " " +
                 sim::invariant_name(found.violation.invariant) + " is violated.",
             true);
    return true;
  }
  return false;
}

void Player::toggle(Desk& desk) {
  if (playing) {
    stop(desk);
    return;
  }
  if (desk.world().ended()) {
    seek(desk, 0);
    desk.say("From the beginning again.");
  }
  playing = true;
  waiting_for_.clear();
}

void Player::stop(Desk& desk) {
  playing = false;
  exploring = false;
  waiting_for_.clear();
  desk.session.cancel();
}

void Player::step(Desk& desk) {
  seek(desk, desk.session.at() + 1);
}

void Player::step_back(Desk& desk) {
  seek(desk, desk.session.at() == 0 ? 0 : desk.session.at() - 1);
}

void Player::seek(Desk& desk, EventNumber event) {
  stop(desk);
  snaps_ = true;
  desk.session.seek(event);
  working_ = true;
}

void Player::seek_time(Desk& desk, TimeNs at_ns) {
  stop(desk);
  shown_ns = std::max<TimeNs>(0, at_ns);
  snaps_ = false;
  desk.session.seek_time(shown_ns);
  working_ = true;
}

void Player::run_until(Desk& desk, const Until& until, std::string what) {
  stop(desk);
  snaps_ = true;
  waiting_for_ = std::move(what);
  desk.session.run_until(until);
  working_ = true;
}

void Player::explore(Desk& desk, EventNumber then) {
  stop(desk);
  exploring = true;
  back_to = then;
  back_to_ns.reset();
  snaps_ = true;
  desk.session.run_until({});
  working_ = true;
}

}  // namespace dkv::viz
