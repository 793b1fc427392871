#pragma once

#include <cstdint>
#include <vector>

namespace dkv::viz {

// One byte each; alpha is not premultiplied.
struct Pixel {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  friend bool operator==(const Pixel&, const Pixel&) = default;
};

// Rows begin at the top.
struct Image {
  int width = 0, height = 0;
  std::vector<Pixel> pixels;

  Image() = default;
  Image(int width_px, int height_px, Pixel fill = {})
      : width(width_px),
        height(height_px),
        pixels(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px), fill) {}
  Pixel& at(int x, int y) { return pixels[index(x, y)]; }
  const Pixel& at(int x, int y) const { return pixels[index(x, y)]; }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

}  // namespace dkv::viz
