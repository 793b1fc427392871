#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/model/ring.h"
#include "viz/views/ring_parts.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void explain(const Ring& ring, const sim::Flight& flight) {
  ImGui::BeginTooltip();
  ring.workspace.ui.strong(
      fmt::format("{}: {} → {}", flight.name, node_name(ring.world, flight.from), node_name(ring.world, flight.to)));
  ring.workspace.ui.faint(flight_meaning(ring.world, flight));
  if (flight.key && !flight.key->empty()) ImGui::Text("key %s", shown(flight.key->key()).c_str());
  ImGui::Text("sent %s", time_text(flight.sent_ns).c_str());
  switch (flight.where) {
    case sim::Flight::Where::kUnderWay: ImGui::Text("arrives %s", time_text(flight.arrives_ns).c_str()); break;
    case sim::Flight::Where::kClogged: ImGui::TextUnformatted("held back by a clog until that ends"); break;
    case sim::Flight::Where::kWaiting: ImGui::TextUnformatted("waits for a paused process"); break;
  }
  ring.workspace.ui.faint("Click it to inspect or drop it.");
  ImGui::EndTooltip();
}

// Draws a dot with a tail towards its sender.
void draw_dot(const Ring& ring, const sim::Flight& flight, ImVec2 at, ImVec2 before, bool chosen, float size) {
  const Theme& theme = ring.workspace.colours();
  const ImU32 colour = leg_colour(theme, flight.leg);
  ring.list.AddLine(before, at, faded(colour, 0.45f), size * 0.8f);
  if (flight.where == sim::Flight::Where::kUnderWay) {
    ring.list.AddRectFilled({at.x - size, at.y - size}, {at.x + size, at.y + size}, colour, size);
  } else {
    ring.list.AddRect({at.x - size, at.y - size}, {at.x + size, at.y + size}, theme.warn, 0, 0, ring.px(1.5f));
  }
  if (chosen) ring.list.AddCircle(at, size + ring.px(4), theme.accent, 0, ring.px(1.8f));
}

}  // namespace

Traffic draw_traffic(const Ring& ring) {
  // More dots would only look like a cloud.
  constexpr std::size_t kDotsMax = 3000;
  Traffic traffic;
  const TimeNs now_ns = ring.workspace.player.shown_ns;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool here = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) &&
                    !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup);
  const auto flights = ring.world.flights();
  const sim::Flight* nearest = nullptr;
  float nearest_distance = ring.px(7);
  std::size_t dots = 0;
  const float size = ring.px(ring.world.node_count() > 30 ? 2.5f : 3.6f);
  for (const sim::Flight& flight : flights) {
    const auto leg = static_cast<std::size_t>(flight.leg);
    ++traffic.by_leg[leg];
    if (flight.where != sim::Flight::Where::kUnderWay) ++traffic.held;
    if (!ring.workspace.legs_shown[leg]) continue;
    ++traffic.shown;
    if (++dots > kDotsMax) continue;
    const float share = std::clamp(static_cast<float>(progress_of(flight, now_ns)), 0.02f, 0.97f);
    const ImVec2 at = ring.shape.way(flight.from, flight.to, share);
    const ImVec2 before = ring.shape.way(flight.from, flight.to, std::max(0.0f, share - 0.06f));
    const bool chosen = flight.id != 0 && flight.id == ring.workspace.focus.message;
    draw_dot(ring, flight, at, before, chosen, size);
    if (ring.workspace.ui.naming_all && flight.id != 0) {
      ring.workspace.ui.places.put(
          fmt::format("{} {} to {}", flight.name, node_name(ring.world, flight.from), node_name(ring.world, flight.to)),
          {at.x - size, at.y - size}, {at.x + size, at.y + size});
    }
    const float distance = std::hypot(mouse.x - at.x, mouse.y - at.y);
    if (here && distance < nearest_distance) {
      nearest_distance = distance;
      nearest = &flight;
    }
  }
  if (nearest) {
    explain(ring, *nearest);
    if (ImGui::IsMouseClicked(0)) {
      traffic.clicked = true;
      if (nearest->id != 0) ring.workspace.look_at_message(nearest->id);
    }
  }
  return traffic;
}

}  // namespace dkv::viz
