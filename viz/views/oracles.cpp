// The oracles: the invariants, whether they held, and where they did not.
#include "viz/model/oracles.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

// "An acknowledged write is there, unless a later write had seen it. Judged: final siblings = ..."
std::string meaning(const sim::InvariantInfo& info) {
  std::string text = std::string(info.promise) + ". Judged: " + info.judged + ".";
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

void draw_invariants(Workspace& workspace) {
  if (!ImGui::BeginTable("invariants", 3, ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_RowBg)) return;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(32));
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(104));
  for (const InvariantView& view : invariants(workspace.session.branch(), workspace.world())) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    workspace.ui.faint(sim::invariant_code(view.invariant));
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(sim::invariant_name(view.invariant));
    workspace.ui.mark(std::string("invariant ") + sim::invariant_code(view.invariant),
                      meaning(sim::about(view.invariant)).c_str());
    ImGui::TableNextColumn();
    if (view.found > 0) {
      workspace.ui.text(workspace.colours().bad, fmt::format("violated, {}x", view.found));
    } else if (view.later > 0) {
      workspace.ui.text(workspace.colours().warn, "violated later");
    } else if (!view.not_judged.empty()) {
      workspace.ui.faint("not judged here");
      workspace.ui.mark(std::string("not judged ") + sim::invariant_code(view.invariant), view.not_judged.c_str());
    } else {
      workspace.ui.text(workspace.colours().good, workspace.world().ended() ? "held" : "held so far");
    }
  }
  ImGui::EndTable();
}

void draw_violations(Workspace& workspace) {
  const auto& violations = workspace.session.branch().violations;
  const auto judged = invariants(workspace.session.branch(), workspace.world());
  for (std::size_t i = 0; i < violations.size(); ++i) {
    const FoundViolation& found = violations[i];
    const char* code = sim::invariant_code(found.violation.invariant);
    ImGui::PushID(static_cast<int>(i));
    const bool meant = judged[static_cast<std::size_t>(found.violation.invariant)].expected;
    const std::string title = fmt::format("{} at {}{}", code, time_text(found.violation.at_ns, true),
                                          meant ? ", which the scenario expects" : "");
    if (workspace.ui.link(title, fmt::format("violation {}", i + 1),
                          "Goes to the moment when it was found, and highlights its causes.")) {
      workspace.go_to(found.event);
      if (found.violation.node != kNoNode) workspace.focus.node = found.violation.node;
      workspace.show(&kLadderPanel);
    }
    std::string words = found.violation.detail;
    if (found.violation.node != kNoNode) words = node_name(workspace.world(), found.violation.node) + ": " + words;
    if (!found.violation.key.empty()) words += " (key " + shown(found.violation.key) + ")";
    workspace.ui.wrapped(words);
    ImGui::PopID();
  }
}

void draw_numbers(Workspace& workspace) {
  const sim::Oracle* judge = workspace.world().judge();
  if (!judge) {
    workspace.ui.faint("This run is not judged.");
    return;
  }
  const auto& counted = judge->counters();
  workspace.ui.faint(
      fmt::format("{} reads judged, {} stale   {} acknowledged writes discarded by last-write-wins   {} losses excused",
                  count_text(counted.reads_judged), count_text(counted.stale_reads),
                  count_text(counted.discarded_by_lww), count_text(judge->excused().size())));
  workspace.ui.mark("judged",
                    "Stale: the answer missed a write that was acknowledged before the read began. That is not a "
                    "violation where the quorums "
                    "do not promise more. Excused: a loss that no store could have prevented.");
}

}  // namespace

static void draw_oracles(Workspace& workspace) {
  draw_numbers(workspace);
  workspace.ui.check("pause at violations", workspace.player.pauses_at_violations,
                     "Playing stops at the event in which an oracle finds a violation.");
  if (!ImGui::BeginChild("judgements")) {
    ImGui::EndChild();
    return;
  }
  const auto& violations = workspace.session.branch().violations;
  if (!violations.empty()) {
    workspace.ui.strong(fmt::format("{} found", violations.size()));
    draw_violations(workspace);
    ImGui::Separator();
  }
  draw_invariants(workspace);
  if (workspace.world().ended()) {
    const TimeNs after_ns = workspace.world().converged_after_ns();
    workspace.ui.faint(!workspace.world().converged() ? std::string("The replicas did not become equal in time.")
                       : after_ns == 0
                           ? std::string("All replicas were equal as soon as the faults had ended.")
                           : fmt::format("All replicas were equal {} after the heal.", span_text(after_ns)));
  } else if (violations.empty()) {
    workspace.ui.wrapped(
        "The oracles follow every write by their own tags. Some violations show only at the end, when "
        "all replicas must be equal: press End to play the whole run.",
        workspace.colours().faint);
  }
  ImGui::EndChild();
}

static std::string broken(const Workspace& workspace) {
  const std::size_t violations = workspace.session.branch().violations.size();
  return violations == 0 ? std::string() : fmt::format("({})", violations);
}

const PanelEntry kOraclesPanel = {.title = "Oracles",
                                  .meaning = "Oracles that watch from outside and never trust the store's own clocks.",
                                  .place = PanelPlace::kRightBottom,
                                  .draw = &draw_oracles,
                                  .badge = &broken};

}  // namespace dkv::viz
