#include "cli/verdict/picture.h"

#include <stb_image.h>

#include "tests/catch.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;

namespace {

constexpr Picture::Colour kRed{200, 10, 20};

Picture one_of_each() {
  Picture picture{.width = 80, .height = 40, .shapes = {}};
  picture.shapes.emplace_back(Picture::Box{{10, 10}, {20, 20}, kRed});
  picture.shapes.emplace_back(Picture::Line{{{30, 5}, {30, 35}}, 2, kRed});
  picture.shapes.emplace_back(Picture::Label{{40, 20}, "a<b & \"c\"", Picture::Label::Anchor::kBegin, kRed});
  return picture;
}

struct Pixels {
  explicit Pixels(const std::string& png) {
    data = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(png.data()), static_cast<int>(png.size()), &width,
                                 &height, nullptr, 3);
    REQUIRE(data != nullptr);
  }
  ~Pixels() { stbi_image_free(data); }
  Pixels(const Pixels&) = delete;
  Pixels& operator=(const Pixels&) = delete;

  Picture::Colour at(int x, int y) const {
    const stbi_uc* pixel = data + (y * width + x) * 3;
    return {pixel[0], pixel[1], pixel[2]};
  }

  stbi_uc* data = nullptr;
  int width = 0, height = 0;
};

}  // namespace

TEST_CASE("an SVG has its shapes in order, and no text can break out of it") {
  const std::string svg = svg_of(one_of_each());
  CHECK_THAT(svg, Contains(R"(<rect x="10.0" y="10.0" width="10.0" height="10.0" fill="#c80a14"/>)"));
  CHECK_THAT(svg, Contains(R"(<polyline points="30.0,5.0 30.0,35.0")"));
  CHECK_THAT(svg, Contains(">a&lt;b &amp; &quot;c&quot;</text>"));
}

TEST_CASE("a PNG shows the same shapes") {
  const Pixels pixels(png_of(one_of_each()));
  CHECK(pixels.width == 80);
  CHECK(pixels.height == 40);
  CHECK(pixels.at(0, 0) == Picture::Colour{255, 255, 255});
  CHECK(pixels.at(15, 15) == kRed);
  CHECK(pixels.at(21, 15) == Picture::Colour{255, 255, 255});
  CHECK(pixels.at(30, 20) == kRed);
  int inked = 0;
  for (int y = 12; y < 28; ++y) {
    for (int x = 40; x < 80; ++x) inked += pixels.at(x, y) != Picture::Colour{255, 255, 255};
  }
  CHECK(inked > 20);
}

TEST_CASE("shapes beyond the edges of a PNG are cut off") {
  Picture picture{.width = 10, .height = 10, .shapes = {}};
  picture.shapes.emplace_back(Picture::Box{{-5, -5}, {100, 5}, kRed});
  picture.shapes.emplace_back(Picture::Label{{-20, 20}, std::string(500, '#'), Picture::Label::Anchor::kMiddle, kRed});
  const Pixels pixels(png_of(picture));
  CHECK(pixels.at(9, 4) == kRed);
  CHECK(pixels.at(0, 5) == Picture::Colour{255, 255, 255});
}
