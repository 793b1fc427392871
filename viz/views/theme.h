#pragma once

#include <imgui.h>

#include <cstdint>

namespace dkv::viz {

// All colours. The categories are those of Okabe and Ito ("Color Universal Design", 2008), which people with the
// usual colour blindnesses can distinguish. Good and bad are blue and vermilion, never green and red. A colour is
// never the only sign: a shape or a word says the same.
struct Theme {
  bool dark = true;
  ImU32 background = 0;  // of the window
  ImU32 panel = 0;       // of panes
  ImU32 raised = 0;      // of fields, headers and buttons
  ImU32 hover = 0;
  ImU32 line = 0;    // borders, axes
  ImU32 text = 0;    // its contrast against `panel` is at least 7 to 1
  ImU32 faint = 0;   // secondary text: at least 4.5 to 1
  ImU32 accent = 0;  // of focused items
  ImU32 good = 0, warn = 0, bad = 0;
  ImU32 cause = 0, effect = 0;  // of the focused event
  static constexpr int kCategories = 7;
  ImU32 category[kCategories] = {};

  ImU32 of_category(std::uint32_t number) const { return category[number % kCategories]; }
};

const Theme& dark_theme();
const Theme& light_theme();

// Contrast as WCAG 2 defines it, 1..21; alpha is ignored.
double contrast(ImU32 a, ImU32 b);

// Black or white, whichever is more readable on the colour.
ImU32 ink_on(ImU32 colour);
// Multiplies the alpha of the colour by `alpha`, 0..1.
ImU32 faded(ImU32 colour, float alpha);
// share: 0 gives a, 1 gives b.
ImU32 blended(ImU32 a, ImU32 b, float share);

// Sets ImGui's style. scale: pixels for each pixel of the design.
void apply_style(const Theme& theme, float scale);

}  // namespace dkv::viz
