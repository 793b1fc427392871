#include <fmt/format.h>

#include "cli/terminal/text.h"
#include "cli/verdict/picture.h"

namespace dkv::cli {
namespace {

std::string svg_colour(const Picture::Colour& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : harmless(text)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string element_of(const Picture::Box& box) {
  return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>)", box.from.x,
                     box.from.y, box.to.x - box.from.x, box.to.y - box.from.y, svg_colour(box.colour));
}

std::string element_of(const Picture::Line& line) {
  std::string points;
  for (const Picture::Point& point : line.points) {
    points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", point.x, point.y);
  }
  return fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="{:.1f}"/>)", points,
                     svg_colour(line.colour), line.width);
}

std::string element_of(const Picture::Label& label) {
  constexpr const char* kAnchors[] = {"start", "middle", "end"};
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}" dominant-baseline="middle" fill="{}">{}</text>)",
                     label.at.x, label.at.y, kAnchors[static_cast<std::size_t>(label.anchor)], svg_colour(label.colour),
                     escaped(label.text));
}

}  // namespace

std::string svg_of(const Picture& picture) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n",
      picture.width, picture.height);
  for (const auto& shape : picture.shapes) {
    svg += "  " + std::visit([](const auto& one) { return element_of(one); }, shape) + "\n";
  }
  return svg + "</svg>\n";
}

}  // namespace dkv::cli
