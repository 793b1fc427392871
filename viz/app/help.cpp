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
                          {"V", "run until an oracle finds something"},
                          {"1 … 9, 0", "bring a panel to the front"},
                          {"F", "let the front panel fill the window, or show all panels again"},
                          {"C  R  P  X", "crash, restart, pause or resume, cut off the node in focus"},
                          {"H", "heal the network"},
                          {"D", "drop the message in focus"},
                          {"Ctrl+F", "search the story"},
                          {"Ctrl+S", "save the shown branch as a scenario"},
                          {"Ctrl+Plus, Minus", "larger, smaller letters"},
                          {"T", "dark or light"},
                          {"Escape", "stop the work in progress, or clear the focus"},
                          {"?", "this page"},
                          {"Ctrl+Q", "quit"}};

// The parsed glossary, and the words that it is searched for.
struct Glossary {
  std::vector<GlossaryTerm> terms = read_glossary(glossary_text());
  std::string words;
};

void draw_line(Desk& desk, const char* what, const char* words) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  desk.ui.text(desk.colours().accent, what);
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", words);
}

bool begin_lines(const char* id, float first) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit)) return false;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, first);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

void draw_keys_and_panels(Desk& desk) {
  desk.ui.strong("Keys");
  desk.ui.mark("help page");
  if (begin_lines("keys", desk.ui.px(125))) {
    for (const Line& line : kKeys) draw_line(desk, line.what, line.words);
    ImGui::EndTable();
  }
  desk.ui.strong("Panels");
  if (begin_lines("panels", desk.ui.px(125))) {
    for (const Panel panel : panels()) draw_line(desk, panel->title, panel->meaning);
    ImGui::EndTable();
  }
}

void draw_glossary(Desk& desk) {
  auto& glossary = desk.memory<Glossary>();
  desk.ui.strong("Glossary");
  ImGui::SetNextItemWidth(-1);
  desk.ui.input("search the glossary", "search", glossary.words, "Shows the terms that contain this text.");
  if (ImGui::BeginChild("terms")) {
    for (const GlossaryTerm& term : glossary.terms) {
      if (!mentions(term, glossary.words)) continue;
      desk.ui.text(desk.colours().accent, term.term);
      desk.ui.mark("term " + term.term);
      desk.ui.wrapped(term.definition);
    }
  }
  ImGui::EndChild();
}

}  // namespace

void draw_help_window(Desk& desk, bool& open) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::min(screen.x - desk.ui.px(40), desk.ui.px(1000)),
                    std::min(screen.y - desk.ui.px(40), desk.ui.px(600))};
  ImGui::SetNextWindowSize(size, ImGuiCond_Always);
  ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  if (ImGui::Begin("Help", &open,
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                       ImGuiWindowFlags_NoMove)) {
    if (ImGui::BeginTable("halves", 2)) {
      ImGui::TableNextColumn();
      if (ImGui::BeginChild("left")) draw_keys_and_panels(desk);
      ImGui::EndChild();
      ImGui::TableNextColumn();
      if (ImGui::BeginChild("right")) draw_glossary(desk);
      ImGui::EndChild();
      ImGui::EndTable();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace dkv::viz
