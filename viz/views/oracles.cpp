// The oracles: the invariants, whether they held, and where they did not.
#include "viz/model/oracles.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/findings.h"
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

// The expectations of the file are judged at the end, those of scripted steps with their answers.
void draw_expectations(Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  const sim::Scenario& scenario = workspace.session.scenario();
  for (std::size_t i = 0; i < branch.failed_steps.size(); ++i) {
    const FailedStep& failed = branch.failed_steps[i];
    ImGui::PushID(static_cast<int>(i));
    if (workspace.ui.link(fmt::format("{} at {} expected otherwise", failed.session, time_text(failed.at_ns, true)),
                          fmt::format("failed step {}", i + 1), "Goes to the moment of the answer.")) {
      workspace.go_to(failed.event);
    }
    workspace.ui.wrapped(fmt::format("line {}: {}", failed.line, failed.why));
    ImGui::PopID();
  }
  if (scenario.expect.empty() && scenario.expected_violations.empty()) return;
  workspace.ui.strong("Expectations of the file");
  if (!branch.ended) {
    for (const sim::Expectation& expect : scenario.expect) workspace.ui.wrapped(expect.text, workspace.colours().faint);
    workspace.ui.faint("They are judged at the end.");
    return;
  }
  for (std::size_t i = 0; i < branch.failed_expectations.size(); ++i) {
    workspace.ui.wrapped(branch.failed_expectations[i], workspace.colours().bad);
    workspace.ui.mark(fmt::format("failed expectation {}", i + 1));
  }
  if (branch.failed_expectations.empty()) {
    workspace.ui.text(workspace.colours().good, "all hold");
    workspace.ui.mark("all expectations hold");
  }
}

void draw_setbacks(Workspace& workspace) {
  const Branch& branch = workspace.session.branch();
  if (branch.setbacks.empty()) return;
  workspace.ui.strong(fmt::format("{}{} operations went wrong",
                                  count_text(branch.setbacks.size() + branch.setbacks_left_out),
                                  branch.ended ? "" : " played"));
  workspace.ui.tip("Stale reads, and acknowledged writes that were lost or discarded. W goes to the next one.");
  const float height =
      std::min<float>(static_cast<float>(branch.setbacks.size()), 8) * ImGui::GetTextLineHeightWithSpacing();
  if (ImGui::BeginChild("setbacks", {0, height})) {
    ImGuiListClipper rows;
    rows.Begin(static_cast<int>(branch.setbacks.size()));
    while (rows.Step()) {
      for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
        const FoundSetback& found = branch.setbacks[static_cast<std::size_t>(i)];
        ImGui::PushID(i);
        ImGui::PushStyleColor(
            ImGuiCol_Text, found.event <= workspace.session.at() ? workspace.colours().bad : workspace.colours().faint);
        const std::string line =
            fmt::format("{}  {}: {}", time_text(found.setback.at_ns, true), setback_title(found), found.words);
        if (ImGui::Selectable(fitted(line, ImGui::GetContentRegionAvail().x).c_str())) {
          workspace.go_to(found.event);
          for (const Key& key : workspace.world().clients().keys()) {
            if (sim::key_text(key) == found.setback.key) workspace.focus.key = key;
          }
        }
        ImGui::PopStyleColor();
        workspace.ui.mark(fmt::format("setback {}", i + 1), line.c_str());
        ImGui::PopID();
      }
    }
  }
  ImGui::EndChild();
}

void draw_numbers(Workspace& workspace) {
  const sim::Oracle* judge = workspace.world().judge();
  if (!judge) {
    workspace.ui.faint("This run is not judged.");
    return;
  }
  const auto& counted = judge->counters();
  workspace.ui.faint(fmt::format(
      "{} reads judged, {} stale   {} acknowledged writes discarded by last-write-wins   {} losses excused",
      count_text(counted.reads_judged), count_text(counted.stale_reads),
      count_text(discards_so_far(workspace.session.branch(), workspace.world())), count_text(judge->excused().size())));
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
  draw_expectations(workspace);
  draw_setbacks(workspace);
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
  const Branch& branch = workspace.session.branch();
  // Once the run has ended, the failed steps are among the failed expectations.
  const std::size_t found =
      branch.violations.size() + (branch.ended ? branch.failed_expectations.size() : branch.failed_steps.size());
  return found == 0 ? std::string() : fmt::format("({})", found);
}

const PanelEntry kOraclesPanel = {.title = "Oracles",
                                  .meaning = "Oracles that watch from outside and never trust the store's own clocks.",
                                  .place = PanelPlace::kRightBottom,
                                  .draw = &draw_oracles,
                                  .badge = &broken};

}  // namespace dkv::viz
