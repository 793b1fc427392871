// Merkle: the partitions whose replicas differ, and the differing parts of their trees.
#include "viz/model/merkle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

ImU32 colour_of(const Theme& theme, Agreement what) {
  switch (what) {
    case Agreement::kEmpty: return faded(theme.line, 0.5f);
    case Agreement::kEqual: return faded(theme.good, 0.75f);
    case Agreement::kDiffers: return theme.bad;
    case Agreement::kAlone: return theme.line;
  }
  return 0;
}

const char* words_of(Agreement what) {
  switch (what) {
    case Agreement::kEmpty: return "empty on all replicas";
    case Agreement::kEqual: return "the same on all replicas that are up";
    case Agreement::kDiffers: return "the replicas differ";
    case Agreement::kAlone: return "fewer than two replicas are up: nothing to compare";
  }
  return "";
}

// Draws every partition as a cell. Returns the one to inspect.
void draw_partitions(Workspace& workspace) {
  const sim::World& world = workspace.world();
  const std::uint32_t partitions = world.placement().partitions();
  const Ui& ui = workspace.ui;
  const float width = ImGui::GetContentRegionAvail().x;
  const float cell =
      std::clamp(std::floor(std::sqrt(width * ui.px(110) / static_cast<float>(partitions))), ui.px(5), ui.px(22));
  const auto columns = static_cast<std::uint32_t>(std::max(1.0f, std::floor(width / cell)));
  const std::uint32_t rows = (partitions + columns - 1) / columns;
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("partitions", {static_cast<float>(columns) * cell, static_cast<float>(rows) * cell});
  workspace.ui.mark("partitions");
  const bool here = ImGui::IsItemHovered();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float gap = cell > ui.px(8) ? ui.px(1) : 0.5f;
  for (PartitionId partition = 0; partition < partitions; ++partition) {
    const ImVec2 at{begin.x + static_cast<float>(partition % columns) * cell,
                    begin.y + static_cast<float>(partition / columns) * cell};
    const ImVec2 end{at.x + cell, at.y + cell};
    const Agreement what = agreement(world, partition);
    list.AddRectFilled({at.x + gap, at.y + gap}, {end.x - gap, end.y - gap}, colour_of(workspace.colours(), what),
                       ui.px(1.5f));
    if (what == Agreement::kDiffers && cell > ui.px(9)) {
      // The cross tells it without colour.
      const float in = cell * 0.3f;
      list.AddLine({at.x + in, end.y - in}, {end.x - in, at.y + in}, workspace.colours().panel, ui.px(2));
    }
    if (partition == workspace.merkle_partition) list.AddRect(at, end, workspace.colours().text, 0, 0, ui.px(2));
    const bool under = here && mouse.x >= at.x && mouse.x < end.x && mouse.y >= at.y && mouse.y < end.y;
    if (under) {
      ui.tip(fmt::format("partition {}: {}", partition, words_of(what)).c_str());
      if (ImGui::IsMouseClicked(0)) workspace.merkle_partition = partition;
    }
  }
}

// Draws the leaves of one replica: 64 cells. A leaf that differs from the first replica's is marked.
void draw_leaves(Workspace& workspace, const PartitionTrees::AtNode& at, const PartitionTrees::AtNode& first) {
  const Ui& ui = workspace.ui;
  const float label = ui.px(70),
              cell = std::clamp((ImGui::GetContentRegionAvail().x - label) / MerkleTree::kLeaves, ui.px(3), ui.px(14));
  const float height = ui.px(15);
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  put_text(list, begin, workspace.colours().text, node_label(workspace, at.node, label - ui.px(6)));
  for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
    const float x = begin.x + label + static_cast<float>(leaf) * cell;
    const std::uint64_t hash = at.leaves[leaf];
    const bool same = hash == first.leaves[leaf];
    const ImU32 colour = !same       ? workspace.colours().bad
                         : hash == 0 ? faded(workspace.colours().line, 0.5f)
                                     : faded(workspace.colours().good, 0.75f);
    list.AddRectFilled({x, begin.y}, {x + cell - 1, begin.y + (same ? height * 0.7f : height)}, colour);
  }
  ImGui::Dummy({label + cell * MerkleTree::kLeaves, height + ui.px(2)});
  ui.tip(
      "Each leaf holds the sum of the digests of a 64th of the partition's keys. Replicas compare roots, then leaves, "
      "and "
      "exchange only the keys of leaves that differ.");
}

void draw_differences(Workspace& workspace, const PartitionTrees& trees, PartitionId partition) {
  if (trees.differing == 0) {
    workspace.ui.faint(
        "No leaf differs: the next round of anti-entropy exchanges one hash for this partition and stops.");
    return;
  }
  constexpr std::size_t kKeysMax = 1000;
  const auto columns = static_cast<int>(trees.nodes.size()) + 1;
  if (!ImGui::BeginTable("differences", columns,
                         ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_ScrollY))
    return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("key");
  for (const PartitionTrees::AtNode& at : trees.nodes)
    ImGui::TableSetupColumn(node_name(workspace.world(), at.node).c_str(), ImGuiTableColumnFlags_WidthFixed,
                            workspace.ui.px(90));
  ImGui::TableHeadersRow();
  for (const DifferingKey& one : differing_keys(workspace.world(), partition, trees, kKeysMax)) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    if (ImGui::Selectable(shown(one.key.key()).c_str(), one.key == workspace.focus.key,
                          ImGuiSelectableFlags_SpanAllColumns))
      workspace.look_at_key(one.key);
    workspace.ui.mark("differing " + shown(one.key.key()));
    for (const std::uint64_t digest : one.digests) {
      ImGui::TableNextColumn();
      workspace.ui.text(digest == 0 ? workspace.colours().faint : workspace.colours().text,
                        digest == 0 ? std::string("none") : fmt::format("{:08x}", digest >> 32));
    }
  }
  ImGui::EndTable();
}

}  // namespace

static void draw_merkle(Workspace& workspace) {
  const sim::World& world = workspace.world();
  const std::uint32_t partitions = world.placement().partitions();
  if (workspace.focus.key != workspace.merkle_key) {
    workspace.merkle_key = workspace.focus.key;
    if (!workspace.merkle_key.empty())
      workspace.merkle_partition = world.placement().partition(workspace.merkle_key.hash());
  }
  if (workspace.merkle_partition >= partitions) {
    workspace.merkle_partition = 0;
    while (workspace.merkle_partition + 1 < partitions &&
           agreement(world, workspace.merkle_partition) != Agreement::kDiffers)
      ++workspace.merkle_partition;
    if (agreement(world, workspace.merkle_partition) != Agreement::kDiffers) workspace.merkle_partition = 0;
  }
  std::uint32_t differing = 0, equal = 0;
  for (PartitionId partition = 0; partition < partitions; ++partition) {
    const Agreement what = agreement(world, partition);
    differing += what == Agreement::kDiffers ? 1 : 0;
    equal += what == Agreement::kEqual ? 1 : 0;
  }
  ImGui::AlignTextToFramePadding();
  workspace.ui.text(differing > 0 ? workspace.colours().bad : workspace.colours().faint,
                    fmt::format("{} of {} partitions differ, {} are equal", differing, partitions, equal));
  ImGui::SameLine();
  if (workspace.ui.button("Next difference", "Shows the next partition whose replicas differ.", differing > 0)) {
    do {
      workspace.merkle_partition = (workspace.merkle_partition + 1) % partitions;
    } while (agreement(world, workspace.merkle_partition) != Agreement::kDiffers);
  }
  draw_partitions(workspace);
  const PartitionId partition = workspace.merkle_partition;
  const PartitionTrees trees = partition_trees(world, partition);
  ImGui::Separator();
  workspace.ui.strong(fmt::format("Partition {}", partition));
  ImGui::SameLine();
  workspace.ui.faint(words_of(agreement(world, partition)));
  for (const PartitionTrees::AtNode& at : trees.nodes) draw_leaves(workspace, at, trees.nodes.front());
  if (trees.nodes.size() > 1) draw_differences(workspace, trees, partition);
}

const PanelEntry kMerklePanel = {
    .title = "Merkle",
    .meaning = "The Merkle trees of each partition: the replicas that differ, and the places.",
    .place = PanelPlace::kRightTop,
    .draw = &draw_merkle};

}  // namespace dkv::viz
