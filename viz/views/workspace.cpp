#include "viz/views/workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {

TimeNs Workspace::next_at_ns() {
  if (world().ended()) return std::numeric_limits<TimeNs>::max();
  // World::next_at() is not const, because the queue sorts itself on demand. The run does not change.
  return const_cast<sim::World&>(world()).next_at();
}

TimeNs Workspace::end_ns() const {
  const TimeNs planned = session.scenario().run_ns;
  const TimeNs known = session.branch().explored_ns;
  return std::max<TimeNs>({planned, known, 1});
}

void Workspace::look_at_node(NodeId node) {
  focus.node = node;
  focus.message = 0;
}

void Workspace::look_at_key(const Key& key) {
  focus.key = key;
  focus.message = 0;
  show(&kKeyPanel);
}

void Workspace::look_at_message(std::uint64_t message) {
  focus.message = message;
  show(&kInspectorPanel);
}

void Workspace::go_to(EventNumber event) {
  player.seek(*this, event);
  focus.event = event;
}

void Workspace::say(std::string words, bool bad) {
  notice = std::move(words);
  notice_bad = bad;
}

std::size_t Workspace::unsaved() const {
  std::size_t count = 0;
  for (BranchId id = 1; id < session.branch_count(); ++id) {
    const auto written = saved.find(id);
    if (written == saved.end() || written->second != session.branch(id).commands.size()) ++count;
  }
  return count;
}

void Workspace::carry_out() {
  if (asked_branch_) {
    player.switch_to(*this, *asked_branch_);
    focus.event = 0;
    asked_branch_.reset();
  }
  if (asked_command_) carry_out(*std::exchange(asked_command_, std::nullopt));
}

void Workspace::carry_out(sim::Command command) {
  const bool drops = command.kind == sim::CommandKind::kDrop;
  player.stop(*this);
  std::string what = sim::command_name(command.kind);
  std::replace(what.begin(), what.end(), '_', ' ');
  for (const auto& group : command.groups) {
    for (std::size_t i = 0; i < group.size() && i < 4; ++i) what += ' ' + node_name(world(), group[i]);
  }
  if (!command.key.empty()) what += ' ' + shown(command.key);
  command.at_ns = player.shown_ns;
  const BranchId before = session.branch().id;
  if (const auto done = session.apply(std::move(command)); !done) {
    say(done.error().what, true);
    return;
  }
  if (drops) focus.message = 0;
  const BranchId now = session.branch().id;
  say(now == before ? fmt::format("{}, in branch {}. Play to see the consequences.", what, now)
                    : fmt::format("{}: branch {} begins here. Play to see the consequences.", what, now));
}

}  // namespace dkv::viz
