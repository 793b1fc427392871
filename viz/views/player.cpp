#include "viz/views/player.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

// ": I3 convergence is violated" for the first finding or setback of the present event, and a full stop.
std::string found_at(const Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  const EventNumber at = workspace.session.at();
  const auto violation = std::ranges::lower_bound(branch.violations, at, {}, &FoundViolation::event);
  if (violation != branch.violations.end() && violation->event == at) {
    const sim::Invariant broken = violation->violation.invariant;
    return fmt::format(": {} {} is violated.", sim::invariant_code(broken), sim::invariant_name(broken));
  }
  const auto step = std::ranges::lower_bound(branch.failed_steps, at, {}, &FailedStep::event);
  if (step != branch.failed_steps.end() && step->event == at) {
    return fmt::format(": {} expected another answer.", step->session);
  }
  const auto setback = std::ranges::lower_bound(branch.setbacks, at, {}, &FoundSetback::event);
  if (setback != branch.setbacks.end() && setback->event == at) return ": " + setback_title(*setback) + '.';
  return ".";
}

std::string expectations_at_end(const Workspace& workspace) {
  const std::size_t failed = workspace.session.branch().failed_expectations.size();
  if (failed == 0) return ".";
  return failed == 1 ? ", but one expectation does not hold (panel Oracles)."
                     : fmt::format(", but {} expectations do not hold (panel Oracles).", failed);
}

}  // namespace

void Player::tick(Workspace& workspace, double seconds) {
  if (playing && !workspace.session.busy()) play_on(workspace, seconds);
  // A frame has about 16 ms. Long work takes most of it, but the window stays responsive.
  const bool was_busy = workspace.session.busy();
  // While the whole run is played once, nobody plays with the picture, so fewer frames take less from the work.
  working_ = !workspace.session.advance(std::chrono::milliseconds(exploring ? 45 : was_busy ? 11 : 5));
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
    const bool met = workspace.session.met();
    workspace.say(
        met ? fmt::format("Stopped at the next {}, event {}{}", waiting_for_, count_text(workspace.session.at()),
                          found_at(workspace))
            : fmt::format("The run is over: no {} until its end{}", waiting_for_, expectations_at_end(workspace)),
        false);
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

void Player::run_until(Workspace& workspace, const Aim& aim) {
  if (aim.what == Until::What::kEnd) return seek(workspace, ~EventNumber{0});
  stop(workspace);
  snaps_ = true;
  waiting_for_ = aim.goal;
  const bool of_node = aim.what == Until::What::kEvent || aim.what == Until::What::kMessage;
  workspace.session.run_until({.what = aim.what, .node = of_node ? workspace.focus.node : kNoNode});
  working_ = true;
}

void Player::switch_to(Workspace& workspace, BranchId branch) {
  stop(workspace);
  snaps_ = shown_ns >= workspace.session.branch(branch).explored_ns;
  workspace.session.switch_to(branch, shown_ns);
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
