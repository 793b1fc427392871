// The explanations: for each finding the chain of events that led to it.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "viz/model/inquiry.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

std::string heading_of(const why::Chain& chain) {
  switch (chain.about) {
    case why::About::kViolation: return chain.code + " is broken";
    case why::About::kExpectation: return "an expectation does not hold";
    case why::About::kStaleRead: return "a stale read";
    case why::About::kRefusal: return "an operation was not done";
    case why::About::kExcused: return "a loss that is excused";
    case why::About::kDiscarded: return "a write that last-write-wins discarded";
  }
  return {};
}

// chain, number: from 1, as in the item's name for scripts.
void draw_step(Workspace& workspace, const why::Step& step, std::size_t chain, std::size_t number) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  workspace.ui.faint(fmt::format("{}.", number));
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(chain * 1000 + number));
  if (workspace.ui.link(fmt::format("{}  event {}", time_text(std::max<TimeNs>(step.when.at_ns, 0), true),
                                    count_text(step.when.event)),
                        fmt::format("why {}.{}", chain, number), "Goes to this event, and highlights its causes.")) {
    workspace.go_to(step.when.event);
    if (step.node != kNoNode) workspace.focus.node = step.node;
  }
  ImGui::PopID();
  ImGui::TableNextColumn();
  const bool past = step.when.event <= workspace.session.at();
  if (!step.proven) {
    workspace.ui.wrapped("Not proved: " + step.text, workspace.colours().warn);
  } else {
    workspace.ui.wrapped(step.text, past ? 0 : workspace.colours().faint);
  }
}

void draw_chain(Workspace& workspace, const why::Chain& chain, std::size_t number) {
  workspace.ui.strong(heading_of(chain));
  workspace.ui.wrapped(chain.title,
                       chain.about == why::About::kViolation ? workspace.colours().bad : workspace.colours().warn);
  if (ImGui::BeginTable(fmt::format("chain {}", number).c_str(), 3, ImGuiTableFlags_SizingFixedFit)) {
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(26));
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, workspace.ui.px(176));
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
    for (std::size_t i = 0; i < chain.steps.size(); ++i) draw_step(workspace, chain.steps[i], number, i + 1);
    ImGui::EndTable();
  }
  if (chain.left_off > 0) workspace.ui.faint(fmt::format("and {} more steps", count_text(chain.left_off)));
  ImGui::Separator();
}

}  // namespace

static void draw_why(Workspace& workspace) {
  auto& inquiry = workspace.memory<BranchInquiry>();
  if (!inquiry.is_about(workspace.session.branch())) inquiry.begin(workspace.session);
  // The session's own work comes first.
  const bool finished = !workspace.session.busy() && inquiry.advance(std::chrono::milliseconds(6));
  if (!finished) {
    workspace.panel_works = true;
    workspace.ui.empty(fmt::format("Explaining the run, {:.0f}%", 100 * inquiry.progress()),
                       "The whole run is played twice, apart from the shown moment.");
    return;
  }
  if (inquiry.chains().empty()) {
    workspace.ui.empty(
        "Nothing to explain.",
        "All held, and every operation was done. Violations, failed expectations, stale reads and refusals "
        "would be explained here.");
    return;
  }
  if (ImGui::BeginChild("chains")) {
    std::size_t number = 0;
    for (const why::Chain& chain : inquiry.chains()) draw_chain(workspace, chain, ++number);
  }
  ImGui::EndChild();
}

const PanelEntry kWhyPanel = {
    .title = "Why",
    .meaning = "For each finding the chain of events that led to it. Click an event to go there.",
    .place = PanelPlace::kRightBottom,
    .draw = &draw_why};

}  // namespace dkv::viz
