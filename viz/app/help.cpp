#include "viz/app/help.h"

#include <algorithm>

namespace dkv::viz {
namespace {

struct Line {
  const char* what;
  const char* words;
};
constexpr Line kKeys[] = {{"Space", "play, pause"},
                          {"Left, Right", "one event back, forth; with Shift ten, with Ctrl a hundred"},
                          {"Home, End", "the beginning, the end of the run"},
                          {"+  -", "faster, slower"},
                          {"V", "run until an oracle finds something"},
                          {"1 … 9, 0", "bring a panel to the front"},
                          {"F", "the front panel fills the window, and back"},
                          {"C  R  P  X", "crash, restart, pause or resume, cut off the node in focus"},
                          {"H", "heal the network"},
                          {"D", "drop the message in focus"},
                          {"Ctrl+F", "search the story"},
                          {"Ctrl+S", "save the shown branch as a scenario"},
                          {"Ctrl+Plus, Minus", "larger, smaller letters"},
                          {"T", "dark or light"},
                          {"Escape", "stop what is going on; clear the focus"},
                          {"?", "this page"},
                          {"Ctrl+Q", "quit"}};
constexpr Line kWords[] = {
    {"ring",
     "The hashes of keys form a ring, cut into equal partitions. Each partition has an ordered preference list of "
     "nodes; the first N are its primaries."},
    {"sloppy quorum",
     "A write is done when W nodes hold it durably. Where a primary can't be reached, the next healthy node stands in "
     "with a hint of whose it is."},
    {"hint", "What a stand-in keeps for a primary, until it is back and has taken it."},
    {"dot", "The name of one write: who minted it, in which of its epochs, and its count there."},
    {"context",
     "What a client has seen of a key. A write replaces exactly that; all else stays beside it, as siblings."},
    {"siblings",
     "Versions that were written without knowing of each other. Nobody guesses which is right: a client that reads "
     "both decides."},
    {"read repair", "A read that meets an old copy sends the newer one there."},
    {"anti-entropy", "Replicas compare hash trees from time to time, and exchange what differs."},
    {"moment",
     "The state after so many events. Going back plays the run again from a copy of the world, and checks that it took "
     "the same course."},
    {"branch", "What becomes of the run after you have done something to it. The run itself stays as it was."}};

void draw_lines(Desk& desk, const char* id, const Line* begin, const Line* end, float first) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit)) return;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, first);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
  for (const Line* line = begin; line != end; ++line) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    desk.ui.text(desk.colours().accent, line->what);
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s", line->words);
  }
  ImGui::EndTable();
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
      desk.ui.strong("Keys");
      desk.ui.mark("help page");
      draw_lines(desk, "keys", std::begin(kKeys), std::end(kKeys), desk.ui.px(125));
      ImGui::TableNextColumn();
      desk.ui.strong("Words");
      draw_lines(desk, "words", std::begin(kWords), std::end(kWords), desk.ui.px(110));
      ImGui::EndTable();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace dkv::viz
