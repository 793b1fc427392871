#include "viz/views/theme.h"

#include "tests/catch.h"

using namespace dkv::viz;

TEST_CASE("contrast is highest for black on white, and lowest for a colour on itself") {
  const ImU32 black = IM_COL32(0, 0, 0, 255), white = IM_COL32(255, 255, 255, 255);
  CHECK(contrast(black, white) == Approx(21));
  CHECK(contrast(white, black) == Approx(21));
  CHECK(contrast(white, white) == Approx(1));
  CHECK(contrast(IM_COL32(119, 119, 119, 255), white) == Approx(4.48).margin(0.01));
}

TEST_CASE("text can be read on every ground, in the dark and in the light") {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    INFO((theme->dark ? "dark" : "light"));
    for (const ImU32 ground : {theme->background, theme->panel, theme->raised}) {
      CHECK(contrast(theme->text, ground) >= 7);
      CHECK(contrast(theme->faint, ground) >= 4.5);
    }
    for (const ImU32 word : {theme->accent, theme->good, theme->bad}) CHECK(contrast(word, theme->panel) >= 4.5);
    CHECK(contrast(theme->warn, theme->panel) >= 3);
  }
}

TEST_CASE("text on a colour can be read") {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    CHECK(contrast(ink_on(theme->warn), theme->warn) >= 4);
    for (const ImU32 colour : theme->category) CHECK(contrast(ink_on(colour), colour) >= 4);
  }
}

TEST_CASE("marks in a category's colour stand out from the ground") {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    INFO((theme->dark ? "dark" : "light"));
    for (const ImU32 colour : theme->category) CHECK(contrast(colour, theme->panel) >= 2);
  }
}

TEST_CASE("people with red-green colour blindness can tell the categories and the verdicts apart") {
  // A rough check of protanopia and deuteranopia in linear light (Viénot, Brettel and Mollon, 1999): only lightness
  // and the axis from blue to yellow are left.
  const auto seen = [](ImU32 colour) {
    const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
    return std::pair<double, double>{0.3 * c.x + 0.6 * c.y + 0.1 * c.z, c.z - (c.x + c.y) / 2};
  };
  const auto apart = [&](ImU32 a, ImU32 b) {
    const auto [light_a, blue_a] = seen(a);
    const auto [light_b, blue_b] = seen(b);
    return std::max(std::abs(light_a - light_b), std::abs(blue_a - blue_b));
  };
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    CHECK(apart(theme->good, theme->bad) > 0.3);
    CHECK(apart(theme->cause, theme->effect) > 0.3);
    for (int i = 0; i < Theme::kCategories; ++i)
      for (int j = 0; j < i; ++j) {
        INFO((theme->dark ? "dark " : "light ") << i << " and " << j);
        CHECK(apart(theme->category[i], theme->category[j]) > 0.06);
      }
  }
}
