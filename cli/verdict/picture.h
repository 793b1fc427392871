// A picture made of a few kinds of shapes, as SVG and as PNG.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace dkv::cli {

// In pixels, from the top left. Later shapes cover earlier ones.
struct Picture {
  using Colour = std::array<std::uint8_t, 3>;
  struct Point {
    double x = 0, y = 0;
  };
  struct Box {
    Point from, to;  // top left, bottom right
    Colour colour{};
  };
  struct Line {
    std::vector<Point> points;  // at least two
    double width = 1;
    Colour colour{};
  };
  struct Label {
    enum class Anchor : std::uint8_t { kBegin, kMiddle, kEnd };
    Point at;          // the middle of its height
    std::string text;  // one line; in a PNG only printable ASCII is shown
    Anchor anchor = Anchor::kBegin;
    Colour colour{};
  };
  int width = 0, height = 0;  // 1..4096
  std::vector<std::variant<Box, Line, Label>> shapes;
};

std::string svg_of(const Picture& picture);
// The bytes of the file.
std::string png_of(const Picture& picture);

}  // namespace dkv::cli
