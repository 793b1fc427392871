// How a key's versions came about.
#include <fmt/format.h>

#include "viz/views/event_words.h"
#include "viz/views/key_parts.h"
#include "viz/views/words.h"

namespace dkv::viz {

void draw_history(Desk& desk, const Key& key) {
  const KeyNumber number = desk.session.keys().find(key);
  if (number == kNoKey) return;
  ImGui::Separator();
  desk.ui.strong("What clients did to it");
  desk.plots.update(desk.session);
  bool any = false;
  for (const OperationRecord& one : desk.plots.operations()) {
    if (one.key != number) continue;
    any = true;
    const bool past = one.event <= desk.session.at();
    ImGui::PushID(static_cast<int>(one.event));
    if (ImGui::Selectable(fmt::format("{}  {}", time_text(one.finished_ns, true), operation_words(desk, one)).c_str(), !past && false)) desk.go_to(one.event);
    ImGui::PopID();
  }
  if (!any) desk.ui.faint("Nothing yet.");
}

}  // namespace dkv::viz
