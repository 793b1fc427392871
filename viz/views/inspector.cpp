// The inspector: the focused items, and actions on them.
#include <fmt/format.h>

#include <algorithm>

#include "sim/network/message_traits.h"
#include "viz/model/key.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void row(const Ui& ui, const char* name, const std::string& value, const char* tip = nullptr) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ui.faint(name);
  if (tip) ui.tip(tip);
  ImGui::TableNextColumn();
  ImGui::TextUnformatted(value.c_str());
  if (tip) ui.tip(tip);
}

bool begin_rows(const Workspace& workspace, const char* id) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit)) return false;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(120));
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

// Puts the next button next to the last one if there is room, otherwise below it.
void beside(const char* next) {
  const float width = ImGui::CalcTextSize(next).x + 2 * ImGui::GetStyle().FramePadding.x;
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
}

void act_on(Workspace& workspace, NodeId node, const sim::NodeView& state) {
  const bool open = !workspace.world().healing() && !workspace.world().ended();
  const bool up = state.process != sim::ProcessState::kDown;
  const bool paused = state.process == sim::ProcessState::kPaused;
  const auto act = [&](sim::CommandKind kind) {
    sim::Command command{.kind = kind};
    command.groups = {{node}};
    workspace.command(std::move(command));
  };
  Ui& ui = workspace.ui;
  if (ui.button("Crash",
                "The process dies. Bytes that the operating system has survive, and so do the machine's disks. C",
                open && up))
    act(sim::CommandKind::kCrash);
  beside("Power loss");
  if (ui.button("Power loss",
                "The machine dies: bytes that were not synced are lost. A correct store has not acknowledged them.",
                open && up))
    act(sim::CommandKind::kPowerLoss);
  beside("Restart");
  if (ui.button("Restart", "The process starts again, even if a fault keeps it down, and begins a new epoch. R", open))
    act(sim::CommandKind::kRestart);
  beside("Resume");
  if (paused) {
    if (ui.button("Resume", "The process continues. P", open)) act(sim::CommandKind::kResume);
  } else if (ui.button("Pause", "The process is paused, as in a long garbage collection. P", open && up)) {
    act(sim::CommandKind::kPause);
  }
  beside("Cut off");
  if (ui.button("Cut off", "A partition: this node on one side, all others on the other. X",
                open && workspace.world().node_count() > 1)) {
    cut_off(workspace, node);
  }
  beside("Heal network");
  if (ui.button("Heal network", "All network faults end. H", open))
    workspace.command({.kind = sim::CommandKind::kHeal});
  if (!open) ui.faint("The heal has begun, and experiments must come before it. Step back to try one.");
}

void put_a_key(Workspace& workspace) {
  const sim::World& world = workspace.world();
  const bool open = !world.healing() && !world.ended();
  Ui& ui = workspace.ui;
  ImGui::Separator();
  ui.strong("Ask as a client");
  if (!workspace.focus.key.empty() && !workspace.put_key_touched)
    workspace.put_key = std::string(workspace.focus.key.key());
  const float width = std::max(ui.px(80), (ImGui::GetContentRegionAvail().x - ui.px(20)) / 2);
  ImGui::SetNextItemWidth(width);
  if (ui.input("put key", "key", workspace.put_key,
               "The key to write, in the default bucket or that of the key in focus."))
    workspace.put_key_touched = true;
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  ui.input("put value", "value", workspace.put_value, "The value to write.");
  const NodeId via = workspace.focus.node != kNoNode ? workspace.focus.node : 0;
  const auto ask = [&](sim::CommandKind kind) {
    sim::Command command{.kind = kind, .via = via};
    if (!workspace.focus.key.empty()) command.bucket = std::string(workspace.focus.key.bucket());
    command.key = workspace.put_key;
    if (kind == sim::CommandKind::kPut) command.value = workspace.put_value;
    command.blind = workspace.put_blind;
    workspace.command(std::move(command));
  };
  const std::string put = fmt::format("Put via {}###Put", node_name(world, via));
  if (ui.button(
          put.c_str(),
          "A client at this node reads the key and replaces the versions that it saw by the value. Choose another "
          "node on the ring.",
          open && !workspace.put_key.empty()))
    ask(sim::CommandKind::kPut);
  ui.mark("Put");
  beside("Delete");
  if (ui.button("Delete", "A client reads the key and deletes the versions that it saw.",
                open && !workspace.put_key.empty()))
    ask(sim::CommandKind::kDelete);
  beside("blind     ");
  ui.check("blind", workspace.put_blind,
           "Writes without reading first: the new version is concurrent with all present ones, and is kept beside them "
           "as a sibling.");
}

void inspect_node(Workspace& workspace, NodeId node) {
  const sim::World& world = workspace.world();
  const sim::NodeView state = world.node_view(node);
  workspace.ui.strong(fmt::format("Node {}", node_name(world, node)));
  ImGui::SameLine();
  workspace.ui.text(state.process == sim::ProcessState::kUp ? workspace.colours().good : workspace.colours().bad,
                    process_name(state.process));
  workspace.ui.tip(process_meaning(state.process));
  act_on(workspace, node, state);
  // Drawn above the table, which may be longer than the pane.
  put_a_key(workspace);
  ImGui::Separator();
  if (!begin_rows(workspace, "node")) return;
  const auto partitions = world.placement().partitions_of(node);
  row(workspace.ui, "life", std::to_string(state.incarnation),
      "Its incarnation: the number of its starts. Answers to an earlier life are dropped.");
  row(workspace.ui, "partitions", fmt::format("{} of {}", partitions.size(), world.placement().partitions()),
      "Its virtual nodes: the partitions of which it holds a replica.");
  row(workspace.ui, "keys",
      fmt::format("{} in the store, {} durable", count_text(state.objects), count_text(state.durable_keys)));
  row(workspace.ui, "hints",
      fmt::format("{} for others, {} durable", count_text(state.hints), count_text(state.durable_hints)),
      "Copies that it keeps for primaries that could not be reached.");
  row(workspace.ui, "not yet synced", fmt::format("{} appends", state.unsynced),
      "A power loss now would take these. None of them has been acknowledged.");
  row(workspace.ui, "coordinates", fmt::format("{} operations", state.operations));
  row(workspace.ui, "unreachable",
      state.cut_links == 0 ? "none" : fmt::format("{} of {} others", state.cut_links, world.node_count() - 1));
  if (state.waiting > 0) row(workspace.ui, "waits for it", fmt::format("{} events", state.waiting));
  if (state.skew_ns != 0) row(workspace.ui, "clock", span_text(state.skew_ns) + " off");
  std::string trouble;
  for (const auto& [on, words] : {std::pair{state.slow, "slow process"},
                                  {state.disk_slow, "slow disk"},
                                  {state.disk_full, "full disk"},
                                  {state.disk_stalled, "stalled disk"}}) {
    if (on) trouble += (trouble.empty() ? "" : ", ") + std::string(words);
  }
  if (!trouble.empty()) row(workspace.ui, "trouble", trouble);
  if (const Node* process = world.node(node)) {
    std::string silent;
    std::uint32_t count = 0;
    for (NodeId other = 0; other < world.node_count(); ++other) {
      if (process->peers().reachable(other)) continue;
      if (++count <= 6) silent += (silent.empty() ? "" : ", ") + node_name(world, other);
    }
    if (count > 6) silent += fmt::format(" and {} more", count - 6);
    row(workspace.ui, "considers dead", silent.empty() ? "none" : silent,
        "Peers that it has not heard for too long. It may be wrong.");
  }
  ImGui::EndTable();
}

void inspect_message(Workspace& workspace) {
  const sim::World& world = workspace.world();
  const auto flights = world.flights();
  const auto found = std::ranges::find(flights, workspace.focus.message, &sim::Flight::id);
  if (found == flights.end()) {
    workspace.ui.strong("The message has arrived or was lost.");
    workspace.ui.wrapped("Step back to see it under way, or click another dot on the ring.", workspace.colours().faint);
    if (workspace.ui.button("Step back##message")) workspace.player.step_back(workspace);
    return;
  }
  workspace.ui.strong(
      fmt::format("{}: {} to {}", found->name, node_name(world, found->from), node_name(world, found->to)));
  workspace.ui.wrapped(flight_meaning(world, *found), workspace.colours().faint);
  const bool open = !world.healing() && !world.ended();
  if (workspace.ui.button("Drop it", "The message never arrives. See how the protocol copes with that. D", open))
    drop_message(workspace);
  if (!begin_rows(workspace, "message")) return;
  row(workspace.ui, "sent", time_text(found->sent_ns));
  row(workspace.ui, "arrives", found->arrives_ns < 0 ? "not known yet" : time_text(found->arrives_ns));
  if (found->key && !found->key->empty()) row(workspace.ui, "key", shown(found->key->key()));
  if (found->message) {
    if (const auto* put = std::get_if<ReplicaPut>(found->message)) {
      std::string versions;
      for (const Sibling& one : put->object->siblings()) {
        versions += (versions.empty() ? "" : ", ") + dot_name(world, one.dot) + " " +
                    (one.tombstone ? "deleted" : value_words(workspace, one.tag, one.value.view(), 16));
      }
      row(workspace.ui, "versions", versions);
      if (put->hint_for != kNoNode) row(workspace.ui, "hint for", node_name(world, put->hint_for));
    }
  }
  ImGui::EndTable();
  if (found->cause != 0 && (found->cause & sim::kCommandCause) == 0) {
    if (workspace.ui.link(fmt::format("sent by event {}", count_text(found->cause)), "its cause",
                          "Goes to the moment when it was sent.")) {
      workspace.go_to(found->cause);
    }
  }
}

}  // namespace

void cut_off(Workspace& workspace, NodeId node) {
  std::vector<NodeId> others;
  for (NodeId other = 0; other < workspace.world().node_count(); ++other)
    if (other != node) others.push_back(other);
  sim::Command command{.kind = sim::CommandKind::kPartition};
  command.groups = {{node}, others};
  workspace.command(std::move(command));
}

void drop_message(Workspace& workspace) {
  if (workspace.focus.message == 0) return;
  workspace.command({.kind = sim::CommandKind::kDrop, .message = workspace.focus.message});
}

static void draw_inspector(Workspace& workspace) {
  if (workspace.focus.message != 0) {
    inspect_message(workspace);
    put_a_key(workspace);
  } else if (workspace.focus.node < workspace.world().node_count()) {
    inspect_node(workspace, workspace.focus.node);
  } else {
    workspace.ui.strong(workspace.focus.key.empty() ? "Nothing in focus." : "Key " + shown(workspace.focus.key.key()));
    workspace.ui.wrapped(
        "Click a node on the ring to see its state, and to crash, pause or cut it off. Click a moving dot to look "
        "at a message, and to drop it. Each action begins a new branch; the run itself stays as it was.",
        workspace.colours().faint);
    put_a_key(workspace);
  }
}

const PanelEntry kInspectorPanel = {
    .title = "What if",
    .meaning = "The focus, and actions on it: crash, pause, cut off, drop, put. Each action makes a new branch.",
    .place = PanelPlace::kLeftBottom,
    .draw = &draw_inspector};

}  // namespace dkv::viz
