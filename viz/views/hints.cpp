// Hints: copies that nodes keep for primaries that could not be reached.
#include "viz/model/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

constexpr std::size_t kHintsMax = 2000;  // the most that are shown of one holder

void draw_ledger(Workspace& workspace) {
  const sim::Oracle* judge = workspace.world().judge();
  if (!judge) return;
  const auto& counted = judge->counters();
  std::uint64_t kept = 0;
  for (NodeId node = 0; node < workspace.world().node_count(); ++node)
    kept += workspace.world().image(node).hint_count();
  workspace.ui.faint(fmt::format("made {}   delivered {}   replaced by newer {}   expired {}   lost {}   kept now {}",
                                 count_text(counted.hints_made), count_text(counted.hints_delivered),
                                 count_text(counted.hints_superseded), count_text(counted.hints_expired),
                                 count_text(counted.hints_lost), count_text(kept)));
  workspace.ui.mark(
      "hint ledger",
      "The ledger that invariant I8 audits: every hint that was made durable must have been delivered, replaced "
      "by a newer one for the same key and owner, expired, or still be kept.");
}

void draw_hint(Workspace& workspace, const HintView& hint) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(hint.key.encoded().data(), hint.key.encoded().data() + hint.key.encoded().size());
  if (ImGui::Selectable(shown(hint.key.key(), 60).c_str(), hint.key == workspace.focus.key,
                        ImGuiSelectableFlags_SpanAllColumns)) {
    workspace.look_at_key(hint.key);
  }
  workspace.ui.mark(fmt::format("hint {} at {}", shown(hint.key.key()), node_name(workspace.world(), hint.holder)));
  ImGui::PopID();
  ImGui::TableNextColumn();
  ImGui::Text("%u", hint.siblings);
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(hint.age_ns >= 0 ? span_text(hint.age_ns).c_str() : "just now");
  ImGui::TableNextColumn();
  if (hint.in_flight) {
    workspace.ui.text(workspace.colours().accent, "under way");
  } else {
    workspace.ui.faint(hint.holder_down  ? "its holder is down"
                       : !hint.durable   ? "not yet durable"
                       : hint.owner_seen ? "waits to be sent"
                                         : "waits for its owner");
  }
}

}  // namespace

static void draw_hints(Workspace& workspace) {
  Ui& ui = workspace.ui;
  const sim::World& world = workspace.world();
  draw_ledger(workspace);
  const std::vector<HintView> all = hints_of(world, kHintsMax);
  if (all.empty()) {
    ui.empty("There are no hints.",
             "When a primary can't be reached, a sloppy write goes to a stand-in, which keeps it as a hint. The hint "
             "appears here, and is delivered when its owner is back. Cut a node off in “What if” and wait for a put.");
    return;
  }
  if (!ImGui::BeginChild("shelves")) {
    ImGui::EndChild();
    return;
  }
  // A shelf holds the hints of one holder for one owner. The hints are ordered by holder and owner.
  std::vector<std::span<const HintView>> shelves;
  const auto other = [](const HintView& a, const HintView& b) { return a.holder != b.holder || a.owner != b.owner; };
  for (auto begin = all.begin(); begin != all.end();) {
    const auto last = std::adjacent_find(begin, all.end(), other);
    const auto end = last == all.end() ? last : last + 1;
    shelves.emplace_back(begin, end);
    begin = end;
  }
  for (const std::span<const HintView> hints : shelves) {
    const NodeId holder = hints.front().holder, owner = hints.front().owner;
    const bool of_focus = workspace.focus.node == holder || workspace.focus.node == owner;
    const std::string title = fmt::format("{} keeps {} for {}###{}-{}", node_name(world, holder), hints.size(),
                                          node_name(world, owner), holder, owner);
    if (shelves.size() <= 6 || of_focus) ImGui::SetNextItemOpen(true, ImGuiCond_Once);
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
        draw_hint(workspace, hints[static_cast<std::size_t>(i)]);
      }
    }
    ImGui::EndTable();
  }
  ImGui::EndChild();
}

const PanelEntry kHintsPanel = {.title = "Hints",
                                .meaning = "Copies that nodes keep for primaries that could not be reached.",
                                .place = PanelPlace::kRightBottom,
                                .draw = &draw_hints};

}  // namespace dkv::viz
