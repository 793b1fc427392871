#include "viz/app/help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/model/glossary.h"
#include "viz/views/panel.h"

namespace dkv::viz {
namespace {

struct Line {
  const char* what;
  const char* words;
};
constexpr Line kKeys[] = {{"Space", "play, pause"},
                          {"Left, Right", "one event back or forward; ten with Shift, a hundred with Ctrl"},
                          {"Home, End", "the beginning, the end of the run"},
                          {"+  -", "faster, slower"},
                          {"V", "run until an oracle finds something, or a step is not answered as it expects"},
                          {"W", "run until the next operation that goes wrong"},
                          {"1 … 9, 0", "bring a panel to the front"},
                          {"F", "let the front panel fill the window, or show all panels again"},
                          {"C  R  P  X", "crash, restart, pause or resume, cut off the node in focus"},
                          {"H", "heal the network"},
                          {"D", "drop the message in focus"},
                          {"Ctrl+F", "search the story"},
                          {"Ctrl+S", "save the shown branch as a scenario"},
                          {"Ctrl+Plus, Minus", "larger, smaller letters"},
                          {"T", "dark or light"},
                          {"Escape", "end the input, close the menu, stop the work, or clear the focus: one at a time"},
                          {"?", "this page"},
                          {"Ctrl+Q", "quit"}};

// The parsed glossary, and the words that it is searched for.
struct Glossary {
  std::vector<GlossaryTerm> terms = read_glossary(glossary_text());
  std::string words;
};

void draw_line(Workspace& workspace, const char* what, const char* words) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  workspace.ui.text(workspace.colours().accent, what);
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", words);
}

bool begin_lines(const char* id, float first) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit)) return false;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, first);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

void draw_keys_and_panels(Workspace& workspace) {
  workspace.ui.strong("Keys");
  workspace.ui.mark("help page");
  if (begin_lines("keys", workspace.ui.px(125))) {
    for (const Line& line : kKeys) draw_line(workspace, line.what, line.words);
    ImGui::EndTable();
  }
  workspace.ui.strong("Panels");
  if (begin_lines("panels", workspace.ui.px(125))) {
    for (const Panel panel : panels()) draw_line(workspace, panel->title, panel->meaning);
    ImGui::EndTable();
  }
}

void draw_glossary(Workspace& workspace) {
  auto& glossary = workspace.memory<Glossary>();
  workspace.ui.strong("Glossary");
  ImGui::SetNextItemWidth(-1);
  workspace.ui.input("search the glossary", "search", glossary.words, "Shows the terms that contain this text.");
  if (ImGui::BeginChild("terms")) {
    for (const GlossaryTerm& term : glossary.terms) {
      if (!mentions(term, glossary.words)) continue;
      workspace.ui.text(workspace.colours().accent, term.term);
      workspace.ui.mark("term " + term.term);
      workspace.ui.wrapped(term.definition);
    }
  }
  ImGui::EndChild();
}

}  // namespace

void draw_help_window(Workspace& workspace, bool& open) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::min(screen.x - workspace.ui.px(40), workspace.ui.px(1000)),
                    std::min(screen.y - workspace.ui.px(40), workspace.ui.px(600))};
  ImGui::SetNextWindowSize(size, ImGuiCond_Always);
  ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  if (ImGui::Begin("Help", &open,
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                       ImGuiWindowFlags_NoMove)) {
    if (ImGui::BeginTable("halves", 2)) {
      ImGui::TableNextColumn();
      if (ImGui::BeginChild("left")) draw_keys_and_panels(workspace);
      ImGui::EndChild();
      ImGui::TableNextColumn();
      if (ImGui::BeginChild("right")) draw_glossary(workspace);
      ImGui::EndChild();
      ImGui::EndTable();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace dkv::viz
