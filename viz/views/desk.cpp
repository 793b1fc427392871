#include "viz/views/desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "viz/views/words.h"

namespace dkv::viz {
namespace {

struct PanelWords {
  const char* title;
  const char* meaning;
};
constexpr PanelWords kWords[kPanels] = {
    {"Ring", "Who holds which part of the keys, who is up, and every message under way."},
    {"What if",
     "What is in focus, and what you can do to it: crash, pause, cut off, drop, put. Each makes another branch."},
    {"Key", "What each replica holds of a key, and how its versions came about."},
    {"Ladder", "Time from left to right, a line for each node, a slanted line for each message: what led to what."},
    {"Clients", "What clients asked for and when they were answered; faults are shaded."},
    {"Hints", "What nodes keep for others that could not be reached."},
    {"Merkle", "The hash trees of each partition: which replicas differ, and where."},
    {"Story", "All that happened, in words. Type to search; click a line to go there."},
    {"Oracles", "Judges that watch from outside and never trust the store's own clocks."},
    {"Branches", "The futures that you have tried. Each can be saved as a scenario."},
};

}  // namespace

const char* panel_title(Panel panel) {
  return kWords[static_cast<std::size_t>(panel)].title;
}
const char* panel_meaning(Panel panel) {
  return kWords[static_cast<std::size_t>(panel)].meaning;
}

std::optional<Panel> panel_by_name(std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (std::size_t i = 0; i < kPanels; ++i) {
    if (std::ranges::equal(name, std::string_view(kWords[i].title), same)) return static_cast<Panel>(i);
  }
  return {};
}

TimeNs Desk::next_at_ns() {
  if (world().ended()) return std::numeric_limits<TimeNs>::max();
  // It is not const for the queue sorts itself while it looks; nothing about the run changes.
  return const_cast<sim::World&>(world()).next_at();
}

TimeNs Desk::end_ns() const {
  const TimeNs planned = session.scenario().run_ns;
  const TimeNs known = session.branch().explored_ns;
  return std::max<TimeNs>({planned, known, 1});
}

void Desk::look_at_node(NodeId node) {
  focus.node = node;
  focus.message = 0;
  focus.key = Key();
}

void Desk::look_at_key(const Key& key) {
  focus.key = key;
  focus.message = 0;
  show(Panel::kKey);
}

void Desk::look_at_message(std::uint64_t message) {
  focus.message = message;
  show(Panel::kInspector);
}

void Desk::go_to(EventNumber event) {
  player.seek(*this, event);
  focus.event = event;
}

void Desk::say(std::string words, bool bad) {
  notice = std::move(words);
  notice_bad = bad;
}

void Desk::carry_out() {
  if (asked_branch_) {
    player.stop(*this);
    session.switch_to(*asked_branch_);
    focus.event = 0;
    asked_branch_.reset();
  }
  if (asked_command_) carry_out(*std::exchange(asked_command_, std::nullopt));
}

void Desk::carry_out(sim::Command command) {
  const bool drops = command.kind == sim::CommandKind::kDrop;
  player.stop(*this);
  std::string what = sim::command_name(command.kind);
  std::replace(what.begin(), what.end(), '_', ' ');
  for (const auto& group : command.groups) {
    for (std::size_t i = 0; i < group.size() && i < 4; ++i) what += ' ' + node_name(world(), group[i]);
  }
  if (!command.key.empty()) what += ' ' + shown(command.key);
  const BranchId before = session.branch().id;
  if (const auto done = session.apply(std::move(command)); !done) {
    say(done.error().what, true);
    return;
  }
  if (drops) focus.message = 0;
  const BranchId now = session.branch().id;
  say(now == before ? fmt::format("{}, in branch {}. Play to see what comes of it.", what, now)
                    : fmt::format("{}: branch {} begins here. Play to see what comes of it.", what, now));
}

}  // namespace dkv::viz
