#include "sim/story/story.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/capsule/write_scenario.h"
#include "sim/faults/catalogue.h"
#include "sim/oracle/findings.h"
#include "sim/story/setbacks.h"
#include "sim/story/text.h"

namespace dkv::story {
namespace {

// A shorter phase is joined to the next one. So two faults that begin together have no empty line between them.
constexpr TimeNs kPhaseLeastNs = 250 * kMillisecond;

}  // namespace

// Under a load the first hint and the first repair say enough. A script is told step by step.
Story::Story(const sim::Scenario& scenario)
    : scenario_(&scenario),
      witness_(scenario),
      hints_told_{scenario.workload.clients > 0 ? std::uint64_t{0} : 16},
      repairs_told_{scenario.workload.clients > 0 ? std::uint64_t{1} : 16} {}
Story::Story(const Story&) = default;
Story::Story(Story&&) noexcept = default;
Story& Story::operator=(const Story&) = default;
Story& Story::operator=(Story&&) noexcept = default;
Story::~Story() = default;

std::string Story::name(NodeId node) const {
  return node_name(*scenario_, node);
}

void Story::tell(Row row) {
  tell_returned();
  if (reach_.gathering()) {
    waiting_.push_back(std::move(row));
  } else {
    print(row);
  }
}

void Story::close_gathering() {
  if (!reach_.gathering()) return;
  for (const Row& row : reach_.take(*scenario_, why_)) {
    if (peers_.spend()) {
      print(row);
    } else {
      traffic_.peers_changed();
    }
  }
  for (const Row& row : waiting_) print(row);
  waiting_.clear();
}

void Story::tell_returned() {
  if (returned_.empty()) return;
  const std::vector<NodeId> nodes = std::move(returned_);
  returned_.clear();
  if (faults_.left == 0) return;
  const bool many = nodes.size() > 1;
  const TimeNs away_ns = returned_ns_ - down_since_[nodes.front()];
  const std::string names = listed(node_names(*scenario_, nodes));
  const bool fits = columns_of(names) <= 9;
  tell({returned_ns_, fits ? names : "nodes",
        fmt::format("{}{} back after {}", fits ? "" : names + " ", many ? "are" : "is", duration(away_ns)) +
            why_("return",
                 "it starts from its disk, in a new epoch, because it may have forgotten some of its "
                 "own writes"),
        Tone::kGood});
}

void Story::close_phase(TimeNs now_ns, bool however_short) {
  if (!however_short && now_ns - traffic_.since_ns() < kPhaseLeastNs) return;
  for (Row& row : traffic_.take(*scenario_, now_ns, why_)) tell(std::move(row));
}

void Story::on_event(const sim::EventView& view) {
  witness_.on_event(view);
  constexpr std::size_t kKeysMost = 100'000;
  if (view.request && view.request->kind != RequestKind::kGet && written_.size() < kKeysMost) {
    written_.insert(view.request->key.hash());
  }
}

void Story::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  witness_.on_fault(fault, begins, now_ns);
  // on_node() tells when a node is back. A fault that strikes once has no end.
  const sim::FaultTraits& traits = sim::traits_of(fault.kind);
  if (!begins && (traits.holds == sim::FaultHolds::kDown || traits.strikes_once)) return;
  if (!faults_.spend()) {
    if (faults_.hidden > 1) return;
    close_phase(now_ns, false);
    return tell({now_ns, "...", "and so on; further faults are only counted", Tone::kDim});
  }
  close_phase(now_ns, false);
  const FaultWords words = words_of(fault, *scenario_);
  if (begins) {
    tell({now_ns, words.who, words.begins + why_(traits.word, words.why), Tone::kFault});
  } else {
    tell({now_ns, words.who, words.ends, Tone::kGood});
  }
}

void Story::on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) {
  witness_.on_node(node, change, now_ns);
  switch (change) {
    case sim::NodeChange::kStarted:
      reach_.restarted(node);
      if (told_respawn(node, now_ns)) break;
      if (now_ns != returned_ns_) tell_returned();
      if (returned_.empty() && faults_.left > 0) close_phase(now_ns, false);
      returned_ns_ = now_ns;
      returned_.push_back(node);
      break;
    case sim::NodeChange::kCrashed:
    case sim::NodeChange::kLostPower:
    case sim::NodeChange::kWiped: down_since_[node] = now_ns; break;
    case sim::NodeChange::kPaused:
    case sim::NodeChange::kResumed: break;  // the line of the fault tells it
  }
}

void Story::on_observation(NodeId node, const Observation& observation, TimeNs now_ns) {
  witness_.on_observation(node, observation, now_ns);
  switch (observation.what) {
    case Observed::kPeerReachable: reach_.changed(node, observation.peer, true, now_ns); break;
    case Observed::kPeerUnreachable: reach_.changed(node, observation.peer, false, now_ns); break;
    case Observed::kHintStored:
    case Observed::kHintDelivered:
    case Observed::kHintExpired:
    case Observed::kHintRefused: hint_observed(node, observation, now_ns); break;
    case Observed::kStorageFailed:
    case Observed::kRecovered:
    case Observed::kDamageFound:
    case Observed::kHintLost: disk_observed(node, observation, now_ns); break;
    case Observed::kTombstoneReaped: reaped(node, observation.key, now_ns); break;
    case Observed::kClockCollapsed: traffic_.shortened(); break;
    case Observed::kReplicaIncomplete:
      tell({now_ns, name(node),
            "knows that its disk has lost states, and answers \"don't know\" for keys that it does not hold" +
                why_("incomplete",
                     "its \"not found\" would count for a quorum, although it may have forgotten the key")});
      break;
    case Observed::kReplicaComplete:
      tell({now_ns, name(node), "has compared all its keys with the other replicas, and can say \"not found\" again"});
      break;
    case Observed::kLaterLifeTold:
      tell({now_ns, name(node),
            fmt::format("learns that its folder is outdated: {} has heard its later life {}", name(observation.peer),
                        observation.number),
            Tone::kBad});
      break;
    case Observed::kClockApart:
      tell({now_ns, name(node),
            fmt::format("finds its clock far from the median of the clocks that it hears, and goes by that") +
                why_("clock", "what a wrong clock stamped would be the latest for a long time"),
            Tone::kBad});
      break;
    case Observed::kReadRepaired:
    case Observed::kAntiEntropyRepaired: repair_observed(node, observation, now_ns); break;
    default: break;
  }
}

void Story::on_operation(const sim::OperationView& view) {
  if (view.kind == sim::OperationKind::kGet) {
    last_read_ = {view.session_name ? view.session_name : fmt::format("client {}", view.session),
                  sim::key_text(*view.key), view.via};
  }
  if (!view.session_name) return traffic_.operation(view);
  if (steps_.spend()) return tell(row_of_step(view, *scenario_, nothing_words(*view.key), why_));
  if (steps_.hidden == 1) tell({view.finished_ns, "...", "and so on; further steps are not told", Tone::kDim});
}

void Story::on_heal(TimeNs now_ns) {
  close_gathering();
  close_phase(now_ns, true);
  if (faults_.hidden > 0) {
    tell({now_ns, "...", fmt::format("meanwhile {} more faults began or ended", grouped(faults_.hidden)), Tone::kDim});
  }
  tell(
      {now_ns, "heal",
       "all nodes run, all links work, and clients begin nothing new" +
           why_("heal", fmt::format("now everything must become equal within {}", duration(scenario_->heal_within_ns))),
       Tone::kGood});
}

void Story::on_converged(TimeNs now_ns) {
  converged_ = true;
  close_gathering();
  close_phase(now_ns, true);
  tell({now_ns, "equal",
        (now_ns == scenario_->run_ns ? std::string("at once")
                                     : duration(now_ns - scenario_->run_ns) + " after the heal") +
            " all replicas of every key are identical, and no hint is pending",
        Tone::kGood});
}

void Story::on_violation(const sim::Violation& violation) {
  if (!violations_.spend()) return;
  const auto& announced = scenario_->expected_violations;
  const bool expected = std::ranges::find(announced, sim::invariant_code(violation.invariant)) != announced.end();
  const std::string key = violation.key.empty() ? "" : fmt::format(", key {}", shown(violation.key, 24));
  tell({violation.at_ns, fmt::format("!! {}", sim::invariant_code(violation.invariant)),
        fmt::format(
            "{} broken{}: {}{}{}", sim::invariant_name(violation.invariant), key, violation.detail,
            violation.invariant == sim::Invariant::kConvergence ? paths_off(*scenario_, hints_expired_) : std::string(),
            expected ? why_("announced", "the scenario expects it: it shows a limit of such a store") : std::string()),
        expected ? Tone::kFault : Tone::kBad});
}

// Lines of faults and clients tell the effect.
void Story::on_command(const sim::Command& command, std::uint64_t, TimeNs now_ns) {
  close_phase(now_ns, false);
  tell({now_ns, "you", "from outside: " + sim::command_text(command, *scenario_) + why_("command", "a what-if command"),
        Tone::kStrong});
}

void Story::after_step(const sim::World& world) {
  if (reach_.due(world.now())) close_gathering();
  if (!returned_.empty() && world.now() > returned_ns_) tell_returned();
  const auto& failed = world.clients().failed_steps();
  for (; failed_steps_seen_ < failed.size(); ++failed_steps_seen_) {
    const auto& one = failed[failed_steps_seen_];
    tell({world.now(), "!! " + one.step->session,
          fmt::format("the story expects otherwise (line {}): {}", one.step->expect.line, one.why), Tone::kBad});
  }
}

void Story::finish(const sim::World& world) {
  close_gathering();
  tell_returned();
  if (!converged_) {
    close_phase(world.now(), true);
    tell({world.now(), "!! differ",
          fmt::format("{} after the heal the replicas still differ, or hints are still pending",
                      duration(world.now() - world.scenario().run_ns)),
          Tone::kBad});
  }
  if (setbacks_.hidden > 0) {
    tell({world.now(), "...", fmt::format("and {} more setbacks", grouped(setbacks_.hidden)), Tone::kDim});
  }
  if (violations_.hidden > 0) {
    tell({world.now(), "...", fmt::format("and {} more violations", grouped(violations_.hidden)), Tone::kBad});
  }
}

}  // namespace dkv::story
