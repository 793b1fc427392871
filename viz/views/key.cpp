// The key: its state at each replica, and the history of its versions.
#include "viz/model/key.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/views/key_parts.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void draw_chooser(Workspace& workspace) {
  Ui& ui = workspace.ui;
  ImGui::SetNextItemWidth(-1);
  ui.input("find key", "find a key", workspace.key_filter, "Part of a key's name.");
  if (ImGui::BeginChild("keys")) {
    constexpr std::size_t kMost = 400;
    const auto keys = keys_with(workspace.world(), workspace.key_filter, kMost);
    ImGuiListClipper rows;
    rows.Begin(static_cast<int>(keys.size()));
    while (rows.Step()) {
      for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
        const Key& key = keys[static_cast<std::size_t>(i)];
        const std::string name = shown(key.key());
        ImGui::PushID(i);
        if (ImGui::Selectable(name.c_str(), key == workspace.focus.key)) workspace.look_at_key(key);
        ui.mark("key " + name);
        ImGui::PopID();
      }
    }
    if (keys.size() == kMost) ui.faint("… and more");
    if (keys.empty()) ui.faint("none");
  }
  ImGui::EndChild();
}

// Draws a version as a chip: its dot, in the dot's colour, and its value.
void draw_chip(Workspace& workspace, const Key& key, const Sibling& one) {
  const sim::World& world = workspace.world();
  const Ui& ui = workspace.ui;
  const std::string dot = dot_name(world, one.dot);
  const auto bytes = value_of(world, key, one);
  std::string value = one.tombstone ? "deleted"
                      : bytes       ? value_words(workspace, one.tag, *bytes, 22)
                                    : fmt::format("{} bytes on disk", one.cold_bytes);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float pad = ui.px(5), bar = ui.px(9), height = ImGui::GetTextLineHeight() + ui.px(2);
  const float dot_width = size_of(dot).x;
  value = fitted(value, ImGui::GetContentRegionAvail().x - bar - dot_width - 3 * pad);
  const float width = bar + dot_width + size_of(value).x + 3 * pad;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, workspace.colours().raised, ui.px(3));
  list.AddRectFilled(at, {at.x + ui.px(5), at.y + height}, dot_colour(workspace.colours(), one.dot), ui.px(2));
  put_text(list, {at.x + bar, at.y + ui.px(1)}, workspace.colours().faint, dot);
  put_text(list, {at.x + bar + dot_width + pad, at.y + ui.px(1)},
           one.tombstone ? workspace.colours().warn : workspace.colours().text, value);
  ImGui::Dummy({width, height});
  ui.tip(
      fmt::format("Version {}\nThe dot is the unique name of one write: the actor that minted it, the epoch, and the "
                  "count.\nWritten at {} ms of the hybrid clock, tag {}.{}",
                  dot, one.hlc.wall_ms(), one.tag,
                  one.tombstone
                      ? "\nA tombstone: the key was deleted, and the tombstone keeps old copies from bringing it back."
                      : "")
          .c_str());
}

void draw_context(Workspace& workspace, const VersionVector& seen) {
  std::string text;
  for (const Dot& entry : seen.entries()) text += (text.empty() ? "" : ", ") + dot_name(workspace.world(), entry);
  for (const Dot& dot : seen.isolated())
    text += (text.empty() ? "" : ", ") + std::string("+") + dot_name(workspace.world(), dot);
  const float room = ImGui::GetContentRegionAvail().x;
  workspace.ui.faint(fitted(text.empty() ? "nothing" : text, room));
  workspace.ui.tip(
      ("Seen: " + text +
       "\nEvery version of each actor up to these counters has been seen here. A version that was seen and is not "
       "kept has been replaced. A + marks a dot beyond a gap.")
          .c_str());
}

void draw_holder(Workspace& workspace, const Holder& holder) {
  const sim::World& world = workspace.world();
  Ui& ui = workspace.ui;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  if (ui.link(node_label(workspace, holder.node, ui.px(98)), fmt::format("replica {}", node_name(world, holder.node)),
              "Puts this node into focus.")) {
    workspace.look_at_node(holder.node);
  }
  ui.faint(holder.owner != kNoNode ? "for " + node_name(world, holder.owner)
           : holder.number > 0     ? fmt::format("primary {}", holder.number)
                                   : std::string("fallback"));
  ImGui::TableNextColumn();
  if (holder.process != sim::ProcessState::kUp) ui.text(workspace.colours().bad, process_name(holder.process));
  if (!holder.object) {
    const bool taken = holder.absence != Holder::Absence::kNever && holder.absence != Holder::Absence::kNone;
    ui.wrapped(holder.process == sim::ProcessState::kUp ? absence_words(holder) : "nothing on its disk",
               taken ? workspace.colours().warn : workspace.colours().faint);
  } else {
    for (const Sibling& one : holder.object->siblings()) draw_chip(workspace, workspace.focus.key, one);
  }
  ImGui::TableNextColumn();
  if (holder.object) draw_context(workspace, holder.object->seen());
  ImGui::TableNextColumn();
  if (holder.object) {
    if (holder.differs) {
      ui.text(workspace.colours().bad, "differs");
    } else {
      ui.text(workspace.colours().good, "equal");
    }
    ui.faint(holder.durable ? "durable" : "not yet synced");
    ui.tip(holder.durable ? "This state is on the disk."
                          : "Appended, not yet synced: a power loss now would take it. It has not been acknowledged.");
  }
}

void draw_replicas(Workspace& workspace, const Key& key) {
  auto holders = holders_of(workspace.world(), key);
  explain_absences(workspace.session.branch(), workspace.world(), key, workspace.session.keys().find(key), holders);
  const ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV;
  if (!ImGui::BeginTable("replicas", 4, flags)) return;
  ImGui::TableSetupColumn("replica", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(104));
  ImGui::TableSetupColumn("versions", ImGuiTableColumnFlags_WidthStretch, 3);
  ImGui::TableSetupColumn("has seen", ImGuiTableColumnFlags_WidthStretch, 2);
  ImGui::TableSetupColumn("state", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(96));
  ImGui::TableHeadersRow();
  for (const Holder& one : holders) draw_holder(workspace, one);
  ImGui::EndTable();
}

}  // namespace

static void draw_key(Workspace& workspace) {
  const float width = std::min(workspace.ui.px(150), ImGui::GetContentRegionAvail().x * 0.3f);
  ImGui::BeginChild("chooser", {width, 0});
  draw_chooser(workspace);
  ImGui::EndChild();
  ImGui::SameLine();
  if (ImGui::BeginChild("one key")) {
    if (workspace.focus.key.empty()) {
      workspace.ui.empty(
          "No key in focus.",
          "Choose one on the left: its replicas are highlighted on the ring, and their states are shown here. Siblings "
          "are "
          "versions that were written without knowledge of each other; the next client that reads them decides.");
    } else {
      const Key key = workspace.focus.key;
      const PartitionId partition = workspace.world().placement().partition(key.hash());
      workspace.ui.strong(shown(key.key()));
      ImGui::SameLine();
      workspace.ui.faint(fmt::format("in bucket {}, partition {}", shown(key.bucket()), partition));
      draw_replicas(workspace, key);
      draw_history(workspace, key);
    }
  }
  ImGui::EndChild();
}

const PanelEntry kKeyPanel = {.title = "Key",
                              .meaning = "The state of a key at each replica, and the history of its versions.",
                              .place = PanelPlace::kRightTop,
                              .draw = &draw_key};

}  // namespace dkv::viz
