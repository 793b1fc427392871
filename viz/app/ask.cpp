#include "viz/app/ask.h"

#include <algorithm>

namespace dkv::viz {

std::optional<Question::About> draw_question(Workspace& workspace) {
  constexpr const char* kName = "Question";
  if (!workspace.question) return {};
  if (!ImGui::IsPopupOpen(kName)) ImGui::OpenPopup(kName);
  Ui& ui = workspace.ui;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(ui.px(460), screen.x - ui.px(20)), 0});
  std::optional<Question::About> answer;
  if (ImGui::BeginPopupModal(kName, nullptr, ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove)) {
    const Question question = *workspace.question;
    ui.wrapped(question.words);
    ui.mark("question");
    const bool yes = ui.button(question.yes.c_str());
    ImGui::SameLine();
    const bool no = ui.button("No", "Escape");
    if (yes) answer = question.about;
    if (yes || no) {
      workspace.question.reset();
      ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
  }
  return answer;
}

}  // namespace dkv::viz
