// Hints: what nodes keep for others that could not be reached.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

struct Kept {
  Key key;
  TimeNs created_wall_ns = 0;
  std::size_t versions = 0;
  bool in_flight = false;
  bool durable = false;
};
// (who keeps them, for whom), in the order of their ids.
using Shelves = std::map<std::pair<NodeId, NodeId>, std::vector<Kept>>;

// What processes hold, and what lies on the disks of those that are down.
Shelves shelves(const sim::World& world) {
  Shelves all;
  for (NodeId holder = 0; holder < world.node_count(); ++holder) {
    const sim::Image& disk = world.image(holder);
    if (const Node* node = world.node(holder)) {
      for (const auto& [id, hint] : node->hints().all()) {
        const auto& [owner, key] = id;
        all[{holder, owner}].push_back({key, hint.created_wall_ns, hint.object->siblings().size(), hint.in_flight,
                                        disk.find_hint(owner, key) != nullptr});
      }
      continue;
    }
    for (const auto& id : disk.hint_keys()) {
      const auto* hint = disk.find_hint(id.owner, id.key);
      all[{holder, id.owner}].push_back({id.key, hint->created_wall_ns, hint->object->siblings().size(), false, true});
    }
  }
  return all;
}

void draw_ledger(Desk& desk) {
  const sim::Oracle* judge = desk.world().judge();
  if (!judge) return;
  const auto& counted = judge->counters();
  std::uint64_t kept = 0;
  for (NodeId node = 0; node < desk.world().node_count(); ++node) kept += desk.world().image(node).hint_count();
  desk.ui.faint(fmt::format("made {}   delivered {}   replaced by newer {}   expired {}   lost {}   kept now {}",
                            count_text(counted.hints_made), count_text(counted.hints_delivered),
                            count_text(counted.hints_superseded), count_text(counted.hints_expired),
                            count_text(counted.hints_lost), count_text(kept)));
  desk.ui.mark(
      "hint ledger",
      "The ledger that invariant I8 audits: every hint that was made durable must have been delivered, replaced "
      "by a newer one for the same key and owner, expired, or still be kept.");
}

void draw_hint(Desk& desk, const Kept& hint, NodeId holder, TimeNs wall_ns) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(hint.key.encoded().data(), hint.key.encoded().data() + hint.key.encoded().size());
  if (ImGui::Selectable(shown(hint.key.key(), 60).c_str(), hint.key == desk.focus.key,
                        ImGuiSelectableFlags_SpanAllColumns)) {
    desk.look_at_key(hint.key);
  }
  desk.ui.mark(fmt::format("hint {} at {}", shown(hint.key.key()), node_name(desk.world(), holder)));
  ImGui::PopID();
  ImGui::TableNextColumn();
  ImGui::Text("%zu", hint.versions);
  ImGui::TableNextColumn();
  const TimeNs age = wall_ns - hint.created_wall_ns;
  ImGui::TextUnformatted(age >= 0 ? span_text(age).c_str() : "just now");
  ImGui::TableNextColumn();
  if (hint.in_flight) {
    desk.ui.text(desk.colours().accent, "on its way home");
  } else {
    desk.ui.faint(hint.durable ? "waits for its owner" : "not yet durable");
  }
}

}  // namespace

void draw_hints(Desk& desk) {
  Ui& ui = desk.ui;
  const sim::World& world = desk.world();
  draw_ledger(desk);
  const Shelves all = shelves(world);
  if (all.empty()) {
    ui.empty(
        "Nobody keeps anything for anybody.",
        "When a primary can't be reached, a sloppy write goes to the next healthy node, with a hint whose it is. It "
        "appears here, and goes home when its owner is back. Cut a node off in the inspector and wait for a put.");
    return;
  }
  const TimeNs wall_ns = desk.world().wall_now();
  if (!ImGui::BeginChild("shelves")) {
    ImGui::EndChild();
    return;
  }
  for (const auto& [who, hints] : all) {
    const auto& [holder, owner] = who;
    const bool of_focus = desk.focus.node == holder || desk.focus.node == owner;
    const std::string title = fmt::format("{} keeps {} for {}###{}-{}", node_name(world, holder), hints.size(),
                                          node_name(world, owner), holder, owner);
    if (all.size() <= 6 || of_focus) ImGui::SetNextItemOpen(true, ImGuiCond_Once);
    const bool open = ImGui::CollapsingHeader(title.c_str());
    ui.mark(fmt::format("{} keeps for {}", node_name(world, holder), node_name(world, owner)));
    if (!open) continue;
    if (!ImGui::BeginTable("hints", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV)) continue;
    ImGui::TableSetupColumn("key");
    ImGui::TableSetupColumn("versions", ImGuiTableColumnFlags_WidthFixed, ui.px(70));
    ImGui::TableSetupColumn("age", ImGuiTableColumnFlags_WidthFixed, ui.px(80));
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, ui.px(150));
    ImGui::TableHeadersRow();
    ImGuiListClipper rows;
    rows.Begin(static_cast<int>(hints.size()));
    while (rows.Step()) {
      for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
        draw_hint(desk, hints[static_cast<std::size_t>(i)], holder, wall_ns);
      }
    }
    ImGui::EndTable();
  }
  ImGui::EndChild();
}

}  // namespace dkv::viz
