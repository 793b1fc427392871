#include "viz/shot/raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/catch.h"

using namespace dkv::viz;

namespace {

constexpr Pixel kBlack{0, 0, 0, 255};
constexpr Pixel kRed{255, 0, 0, 255};
constexpr ImU32 kRedVertex = IM_COL32(255, 0, 0, 255);

// Two texels wide and high: covered, half, and not at all.
constexpr std::array<std::uint8_t, 4> kTexels = {255, 128, 0, 0};
constexpr Atlas kAtlas{kTexels.data(), 2, 2};
const ImVec2 kCovered{0.25f, 0.25f}, kHalf{0.75f, 0.25f}, kNothing{0.25f, 0.75f};

// One draw list with one command, without an ImGui context.
struct Picture {
  ImDrawList list{nullptr};
  ImDrawData data;
  Image image{10, 10, kBlack};

  Picture() { clip({0, 0, 10, 10}); }
  void clip(ImVec4 rectangle) {
    if (list.CmdBuffer.empty()) list.CmdBuffer.push_back(ImDrawCmd());
    list.CmdBuffer[0].ClipRect = rectangle;
  }
  void vertex(float x, float y, ImU32 colour = kRedVertex, ImVec2 uv = kCovered) {
    ImDrawVert v;
    v.pos = {x, y};
    v.uv = uv;
    v.col = colour;
    list.IdxBuffer.push_back(static_cast<ImDrawIdx>(list.VtxBuffer.Size));
    list.VtxBuffer.push_back(v);
  }
  void quad(float left, float top, float right, float bottom, ImU32 colour = kRedVertex, ImVec2 uv = kCovered) {
    vertex(left, top, colour, uv);
    vertex(right, top, colour, uv);
    vertex(right, bottom, colour, uv);
    vertex(left, top, colour, uv);
    vertex(right, bottom, colour, uv);
    vertex(left, bottom, colour, uv);
  }
  void draw() {
    list.CmdBuffer[0].ElemCount = static_cast<unsigned>(list.IdxBuffer.Size);
    ImDrawList* lists[] = {&list};
    data.Valid = true;
    data.CmdLists = lists;
    data.CmdListsCount = 1;
    data.DisplaySize = {10, 10};
    data.FramebufferScale = {1, 1};
    rasterise(image, data, kAtlas);
  }
  int count(Pixel pixel) const { return static_cast<int>(std::count(image.pixels.begin(), image.pixels.end(), pixel)); }
};

}  // namespace

TEST_CASE("a rectangle covers exactly the pixels whose centres it holds") {
  Picture picture;
  picture.quad(2, 3, 6, 8);
  picture.draw();
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 10; ++x) {
      INFO(x << ", " << y);
      CHECK(picture.image.at(x, y) == (x >= 2 && x < 6 && y >= 3 && y < 8 ? kRed : kBlack));
    }
  }
}

TEST_CASE("a pixel on an edge that triangles share is drawn by one of them") {
  // A fan around the centre of a pixel: edges and corners pass exactly through the centres of pixels.
  Picture picture;
  const ImU32 half_red = IM_COL32(255, 0, 0, 128);
  const ImVec2 rim[] = {{0.5f, 0.5f}, {5.5f, 0.5f}, {9.5f, 0.5f}, {9.5f, 5.5f},
                        {9.5f, 9.5f}, {5.5f, 9.5f}, {0.5f, 9.5f}, {0.5f, 5.5f}};
  for (int i = 0; i < 8; ++i) {
    picture.vertex(5.5f, 5.5f, half_red);
    picture.vertex(rim[i].x, rim[i].y, half_red);
    picture.vertex(rim[(i + 1) % 8].x, rim[(i + 1) % 8].y, half_red);
  }
  picture.draw();
  // A pixel that was drawn twice would be 192. Pixels on the right and lower edges belong to the neighbours.
  CHECK(picture.count({128, 0, 0, 255}) == 81);
  CHECK(picture.count(kBlack) == 19);
}

TEST_CASE("the order of a triangle's corners makes no difference") {
  Picture one, other;
  one.vertex(1, 1);
  one.vertex(8, 2);
  one.vertex(3, 9);
  other.vertex(3, 9);
  other.vertex(8, 2);
  other.vertex(1, 1);
  one.draw();
  other.draw();
  CHECK(one.count(kRed) > 15);
  CHECK(one.image.pixels == other.image.pixels);
}

TEST_CASE("nothing is drawn outside the clip rectangle or the image") {
  Picture picture;
  picture.clip({4, 4, 7, 6});
  picture.quad(-50, -50, 50, 50);
  picture.draw();
  CHECK(picture.count(kRed) == 6);
  CHECK(picture.image.at(4, 4) == kRed);
  CHECK(picture.image.at(6, 5) == kRed);
  CHECK(picture.image.at(7, 5) == kBlack);

  Picture wide;
  wide.clip({-100, -100, 100, 100});
  wide.quad(-50, -50, 50, 50);
  wide.draw();
  CHECK(wide.count(kRed) == 100);
}

TEST_CASE("a new pixel is blended with the old one by its alpha and the atlas's coverage") {
  Picture picture;
  picture.image = Image(10, 10, Pixel{0, 0, 200, 255});
  picture.quad(0, 0, 2, 10, IM_COL32(255, 0, 0, 128));
  picture.quad(2, 0, 4, 10, kRedVertex, kHalf);
  picture.quad(4, 0, 6, 10, kRedVertex, kNothing);
  picture.quad(6, 0, 8, 10, IM_COL32(255, 0, 0, 128), kHalf);
  picture.draw();
  CHECK(picture.image.at(1, 5) == Pixel{128, 0, 100, 255});
  CHECK(picture.image.at(3, 5) == Pixel{128, 0, 100, 255});
  CHECK(picture.image.at(5, 5) == Pixel{0, 0, 200, 255});
  CHECK(picture.image.at(7, 5) == Pixel{64, 0, 150, 255});
  CHECK(picture.image.at(9, 5) == Pixel{0, 0, 200, 255});
}

TEST_CASE("colours and coverage change evenly between the corners") {
  Picture picture;
  picture.vertex(0, 0, IM_COL32(0, 0, 0, 255));
  picture.vertex(10, 0, IM_COL32(200, 0, 0, 255));
  picture.vertex(10, 10, IM_COL32(200, 100, 0, 255));
  picture.vertex(0, 0, IM_COL32(0, 0, 0, 255));
  picture.vertex(10, 10, IM_COL32(200, 100, 0, 255));
  picture.vertex(0, 10, IM_COL32(0, 100, 0, 255));
  picture.draw();
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 10; ++x) {
      INFO(x << ", " << y);
      CHECK(std::abs(picture.image.at(x, y).r - (20 * x + 10)) <= 1);
      CHECK(std::abs(picture.image.at(x, y).g - (10 * y + 5)) <= 1);
    }
  }
}

TEST_CASE("a glyph at its own size comes out texel for texel") {
  Picture picture;
  picture.vertex(3, 3, kRedVertex, {0, 0});
  picture.vertex(5, 3, kRedVertex, {1, 0});
  picture.vertex(5, 5, kRedVertex, {1, 1});
  picture.vertex(3, 3, kRedVertex, {0, 0});
  picture.vertex(5, 5, kRedVertex, {1, 1});
  picture.vertex(3, 5, kRedVertex, {0, 1});
  picture.draw();
  CHECK(picture.image.at(3, 3) == kRed);
  CHECK(picture.image.at(4, 3) == Pixel{128, 0, 0, 255});
  CHECK(picture.image.at(3, 4) == kBlack);
  CHECK(picture.image.at(4, 4) == kBlack);
}

TEST_CASE("a display with another origin and twice the scale is drawn to the matching pixels") {
  Picture picture;
  picture.data.DisplayPos = {100, 100};
  picture.clip({100, 100, 105, 105});
  picture.quad(101, 101, 102, 103);
  picture.list.CmdBuffer[0].ElemCount = 6;
  ImDrawList* lists[] = {&picture.list};
  picture.data.CmdLists = lists;
  picture.data.CmdListsCount = 1;
  picture.data.FramebufferScale = {2, 2};
  rasterise(picture.image, picture.data, kAtlas);
  CHECK(picture.count(kRed) == 8);
  CHECK(picture.image.at(2, 2) == kRed);
  CHECK(picture.image.at(3, 5) == kRed);
}

TEST_CASE("degenerate triangles draw nothing") {
  Picture picture;
  picture.vertex(1, 1);
  picture.vertex(5, 5);
  picture.vertex(9, 9);
  picture.vertex(2, 2);
  picture.vertex(2, 2);
  picture.vertex(2, 2);
  picture.draw();
  CHECK(picture.count(kBlack) == 100);
}
