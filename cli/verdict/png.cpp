#include <stb_easy_font.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cmath>

#include "cli/verdict/picture.h"
#include "engine/core/assert.h"

namespace dkv::cli {
namespace {

constexpr int kChannels = 3;
constexpr int kSidePxMax = 4096;
// The font has letters of 7 pixels with a pixel between lines; drawn in boxes, so that any size is sharp.
constexpr float kLetterScale = 1.5f;
constexpr float kLetterHeight = 7 * kLetterScale;
constexpr std::size_t kLabelMax = 200;

class Canvas {
 public:
  Canvas(int width, int height)
      : width_(width),
        height_(height),
        bytes_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kChannels, 0xff) {}

  void draw(const Picture::Box& box) { fill(box.from.x, box.from.y, box.to.x, box.to.y, box.colour); }

  // A square brush that moves along the line.
  void draw(const Picture::Line& line) {
    const double half = std::max(line.width, 1.0) / 2;
    for (std::size_t i = 1; i < line.points.size(); ++i) {
      const Picture::Point a = line.points[i - 1], b = line.points[i];
      const int steps = std::max(1, static_cast<int>(std::ceil(std::max(std::abs(b.x - a.x), std::abs(b.y - a.y)))));
      for (int step = 0; step <= steps; ++step) {
        const double x = a.x + (b.x - a.x) * step / steps, y = a.y + (b.y - a.y) * step / steps;
        fill(x - half, y - half, x + half, y + half, line.colour);
      }
    }
  }

  void draw(const Picture::Label& label) {
    std::string text = label.text.substr(0, kLabelMax);
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '.');
    const float width = static_cast<float>(stb_easy_font_width(text.data())) * kLetterScale;
    const float shift = label.anchor == Picture::Label::Anchor::kBegin ? 0
                        : label.anchor == Picture::Label::Anchor::kEnd ? width
                                                                       : width / 2;
    struct Vertex {
      float x, y, z;
      unsigned char colour[4];
    };
    std::vector<Vertex> vertices(kLabelMax * 16 * 4);
    const int quads = stb_easy_font_print(0, 0, text.data(), nullptr, vertices.data(),
                                          static_cast<int>(vertices.size() * sizeof(Vertex)));
    const double left = label.at.x - shift, top = label.at.y - kLetterHeight / 2;
    for (std::size_t i = 0; i < static_cast<std::size_t>(quads) * 4; i += 4) {
      const Vertex& from = vertices[i];
      const Vertex& to = vertices[i + 2];
      fill(left + from.x * kLetterScale, top + from.y * kLetterScale, left + to.x * kLetterScale,
           top + to.y * kLetterScale, label.colour);
    }
  }

  std::string png() const {
    std::string png;
    const auto take = [](void* to, void* bytes, int size) {
      static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    };
    const int written =
        stbi_write_png_to_func(take, &png, width_, height_, kChannels, bytes_.data(), width_ * kChannels);
    DKV_ASSERT(written != 0);  // it can only run out of memory
    return png;
  }

 private:
  // Each pixel is covered by its share.
  void fill(double left, double top, double right, double bottom, const Picture::Colour& colour) {
    const int x_end = std::min(width_, static_cast<int>(std::ceil(right)));
    const int y_end = std::min(height_, static_cast<int>(std::ceil(bottom)));
    for (int y = std::max(0, static_cast<int>(std::floor(top))); y < y_end; ++y) {
      const double high = std::min(bottom, y + 1.0) - std::max(top, static_cast<double>(y));
      for (int x = std::max(0, static_cast<int>(std::floor(left))); x < x_end; ++x) {
        const double share = high * (std::min(right, x + 1.0) - std::max(left, static_cast<double>(x)));
        const auto at =
            (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * kChannels;
        for (std::size_t c = 0; c < kChannels; ++c) {
          const double mixed = bytes_[at + c] + (colour[c] - bytes_[at + c]) * std::clamp(share, 0.0, 1.0);
          bytes_[at + c] = static_cast<std::uint8_t>(std::lround(mixed));
        }
      }
    }
  }

  int width_, height_;
  std::vector<std::uint8_t> bytes_;  // rows from the top: red, green, blue
};

}  // namespace

std::string png_of(const Picture& picture) {
  DKV_ASSERT(picture.width > 0 && picture.height > 0 && picture.width <= kSidePxMax && picture.height <= kSidePxMax);
  Canvas canvas(picture.width, picture.height);
  for (const auto& shape : picture.shapes) std::visit([&](const auto& one) { canvas.draw(one); }, shape);
  return canvas.png();
}

}  // namespace dkv::cli
