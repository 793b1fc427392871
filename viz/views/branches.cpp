// Branches: the futures that were tried.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "viz/views/event_words.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void save(Desk& desk, BranchId id) {
  const auto text = desk.session.scenario_text(id);
  if (!text) {
    desk.say(text.error().what, true);
    return;
  }
  std::ofstream file(desk.save_path, std::ios::binary | std::ios::trunc);
  file << *text;
  file.flush();
  if (!file) {
    desk.say("\"" + desk.save_path + "\" can't be written.", true);
    return;
  }
  desk.say("Saved branch " + std::to_string(id) + " as " + desk.save_path +
           "; distri-kv run plays it to the same fingerprint.");
}

void draw_branch(Desk& desk, BranchId id) {
  const Branch& branch = desk.session.branch(id);
  const bool shown_now = id == desk.session.branch().id;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  const std::string name = id == 0 ? std::string("the run") : fmt::format("branch {}", id);
  ImGui::PushID(static_cast<int>(id));
  if (ImGui::Selectable(name.c_str(), shown_now) && !shown_now) desk.switch_to(id);
  desk.ui.mark(name, "Shows this future at the same moment, as far as it has been played.");
  ImGui::PopID();
  ImGui::TableNextColumn();
  if (id == 0) {
    desk.ui.faint("as its file says");
  } else {
    const std::string parent = branch.parent == 0 ? "the run" : fmt::format("branch {}", branch.parent);
    desk.ui.faint(fmt::format("from {} at event {}", parent, count_text(branch.forked_at)));
    for (const sim::Command& command : branch.commands) {
      if (command.at_event > branch.forked_at) ImGui::TextWrapped("%s", command_words(desk, command).c_str());
    }
  }
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(time_text(branch.explored_ns, true).c_str());
  desk.ui.faint(branch.ended ? "to its end" : "so far");
  ImGui::TableNextColumn();
  if (branch.violations.empty()) {
    desk.ui.text(desk.colours().good, "all held");
  } else {
    desk.ui.text(desk.colours().bad, fmt::format("{} violations", branch.violations.size()));
  }
}

}  // namespace

static void draw_branches(Desk& desk) {
  Ui& ui = desk.ui;
  ImGui::SetNextItemWidth(std::max(ui.px(120), ImGui::GetContentRegionAvail().x - ui.px(150)));
  if (desk.save_path.empty()) desk.save_path = desk.session.scenario().name + "-what-if.yaml";
  ui.input("save path", "file", desk.save_path, "Where the shown branch is saved, as a scenario.");
  ImGui::SameLine();
  if (ui.button("Save scenario",
                "Ctrl+S. A scenario file that plays this branch, event for event: distri-kv run FILE."))
    save_branch(desk);
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
    for (BranchId id = 0; id < desk.session.branch_count(); ++id) draw_branch(desk, id);
    ImGui::EndTable();
  }
  if (desk.session.branch_count() == 1) {
    ui.wrapped(
        "So far there is one future. Crash a node, drop a message or put a key in the panel “What if”: a branch begins "
        "at that "
        "moment, and this one stays as it is.",
        desk.colours().faint);
  }
  ImGui::EndChild();
}

void save_branch(Desk& desk) {
  if (desk.save_path.empty()) desk.save_path = desk.session.scenario().name + "-what-if.yaml";
  save(desk, desk.session.branch().id);
}

const PanelEntry kBranchesPanel = {.title = "Branches",
                                   .meaning = "The futures that you have tried. Each can be saved as a scenario.",
                                   .place = PanelPlace::kLeftBottom,
                                   .draw = &draw_branches};

}  // namespace dkv::viz
