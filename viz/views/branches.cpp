// Branches: the futures that were tried.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "viz/views/event_words.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void save(Workspace& workspace, BranchId id) {
  const auto text = workspace.session.scenario_text(id);
  if (!text) {
    workspace.say(text.error().what, true);
    return;
  }
  std::ofstream file(workspace.save_path, std::ios::binary | std::ios::trunc);
  file << *text;
  file.flush();
  if (!file) {
    workspace.say("\"" + workspace.save_path + "\" can't be written.", true);
    return;
  }
  workspace.saved[id] = workspace.session.branch(id).commands.size();
  workspace.say("Saved branch " + std::to_string(id) + " as " + workspace.save_path +
                "; distri-kv run plays it to the same fingerprint.");
}

void draw_branch(Workspace& workspace, BranchId id) {
  const Branch& branch = workspace.session.branch(id);
  const bool shown_now = id == workspace.session.branch().id;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  const std::string name = id == 0 ? std::string("the run") : fmt::format("branch {}", id);
  ImGui::PushID(static_cast<int>(id));
  if (ImGui::Selectable(name.c_str(), shown_now) && !shown_now) workspace.switch_to(id);
  workspace.ui.mark(name, "Shows this future at the same moment, as far as it has been played.");
  ImGui::PopID();
  ImGui::TableNextColumn();
  if (id == 0) {
    workspace.ui.faint("as its file says");
  } else {
    const std::string parent = branch.parent == 0 ? "the run" : fmt::format("branch {}", branch.parent);
    workspace.ui.faint(fmt::format("from {} at event {}", parent, count_text(branch.forked_at)));
    for (const sim::Command& command : branch.commands) {
      if (command.at_event > branch.forked_at) ImGui::TextWrapped("%s", command_words(workspace, command).c_str());
    }
  }
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(time_text(branch.explored_ns, true).c_str());
  workspace.ui.faint(branch.ended ? "to its end" : "so far");
  ImGui::TableNextColumn();
  if (branch.violations.empty()) {
    workspace.ui.text(workspace.colours().good, "all held");
  } else {
    workspace.ui.text(workspace.colours().bad, fmt::format("{} violations", branch.violations.size()));
  }
}

}  // namespace

static void draw_branches(Workspace& workspace) {
  Ui& ui = workspace.ui;
  ImGui::SetNextItemWidth(std::max(ui.px(120), ImGui::GetContentRegionAvail().x - ui.px(150)));
  if (workspace.save_path.empty()) workspace.save_path = workspace.session.scenario().name + "-what-if.yaml";
  ui.input("save path", "file", workspace.save_path, "Where the shown branch is saved, as a scenario.");
  ImGui::SameLine();
  if (ui.button("Save scenario",
                "Ctrl+S. A scenario file that plays this branch, event for event: distri-kv run FILE."))
    save_branch(workspace);
  if (!ImGui::BeginChild("branches")) {
    ImGui::EndChild();
    return;
  }
  if (ImGui::BeginTable("branches", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV)) {
    ImGui::TableSetupColumn("future", ImGuiTableColumnFlags_WidthFixed, ui.px(80));
    ImGui::TableSetupColumn("action", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("played", ImGuiTableColumnFlags_WidthFixed, ui.px(90));
    ImGui::TableSetupColumn("verdict", ImGuiTableColumnFlags_WidthFixed, ui.px(100));
    ImGui::TableHeadersRow();
    for (BranchId id = 0; id < workspace.session.branch_count(); ++id) draw_branch(workspace, id);
    ImGui::EndTable();
  }
  if (workspace.session.branch_count() == 1) {
    ui.wrapped(
        "So far there is one future. Crash a node, drop a message or put a key in the panel “What if”: a branch begins "
        "at that "
        "moment, and this one stays as it is.",
        workspace.colours().faint);
  }
  ImGui::EndChild();
}

void save_branch(Workspace& workspace, bool overwrite) {
  if (workspace.save_path.empty()) workspace.save_path = workspace.session.scenario().name + "-what-if.yaml";
  std::error_code error;  // a path that cannot be looked at cannot be written either, and save() says so
  if (!overwrite && std::filesystem::exists(workspace.save_path, error)) {
    workspace.question = {Question::About::kOverwrite,
                          "The file " + workspace.save_path + " exists. Shall the shown branch take its place?",
                          "Overwrite"};
    return;
  }
  save(workspace, workspace.session.branch().id);
}

const PanelEntry kBranchesPanel = {.title = "Branches",
                                   .meaning = "The futures that you have tried. Each can be saved as a scenario.",
                                   .place = PanelPlace::kLeftBottom,
                                   .draw = &draw_branches};

}  // namespace dkv::viz
