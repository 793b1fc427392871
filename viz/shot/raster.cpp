#include "viz/shot/raster.h"

#include <algorithm>
#include <cmath>

#include "engine/core/assert.h"

namespace dkv::viz {
namespace {

struct Box {  // half-open
  int left, top, right, bottom;
};

struct Corner {
  float x, y, u, v;
  float r, g, b, a;  // 0..255
};

Corner corner_of(const ImDrawVert& vertex, const ImDrawData& data) {
  const auto channel = [&](int shift) { return static_cast<float>((vertex.col >> shift) & 0xff); };
  return {(vertex.pos.x - data.DisplayPos.x) * data.FramebufferScale.x,
          (vertex.pos.y - data.DisplayPos.y) * data.FramebufferScale.y,
          vertex.uv.x,
          vertex.uv.y,
          channel(IM_COL32_R_SHIFT),
          channel(IM_COL32_G_SHIFT),
          channel(IM_COL32_B_SHIFT),
          channel(IM_COL32_A_SHIFT)};
}

std::uint8_t mix(float over, std::uint8_t under, float alpha) {
  return static_cast<std::uint8_t>(over * alpha + static_cast<float>(under) * (1.0f - alpha) + 0.5f);
}

// alpha: 0..1.
void blend(Pixel& pixel, float r, float g, float b, float alpha) {
  pixel.r = mix(r, pixel.r, alpha);
  pixel.g = mix(g, pixel.g, alpha);
  pixel.b = mix(b, pixel.b, alpha);
  pixel.a = mix(255.0f, pixel.a, alpha);
}

// The coverage, 0..1, at the texture coordinates, interpolated between the four nearest texels. Edge texels continue
// outside.
float sample(const Atlas& atlas, float u, float v) {
  const float x = u * static_cast<float>(atlas.width) - 0.5f;
  const float y = v * static_cast<float>(atlas.height) - 0.5f;
  const float left = std::floor(x), top = std::floor(y);
  const float right_share = x - left, bottom_share = y - top;
  const auto texel = [&](int column, int row) {
    column = std::clamp(column, 0, atlas.width - 1);
    row = std::clamp(row, 0, atlas.height - 1);
    return static_cast<float>(atlas.alpha[row * atlas.width + column]);
  };
  const int column = static_cast<int>(left), row = static_cast<int>(top);
  const float above = texel(column, row) * (1 - right_share) + texel(column + 1, row) * right_share;
  const float below = texel(column, row + 1) * (1 - right_share) + texel(column + 1, row + 1) * right_share;
  return (above * (1 - bottom_share) + below * bottom_share) / 255.0f;
}

// A linear function over the picture: its value at the origin, and its slopes.
struct Plane {
  float at_origin, dx, dy;
  float at(float x, float y) const { return at_origin + dx * x + dy * y; }
};

// One side of a triangle; positive inside. A pixel on the line belongs to the triangle for which it is a top or left
// side. So neighbours never both draw it, and never both leave it out.
struct Side {
  double dx, dy, offset;
  bool owns_line;
  Side(const Corner& from, const Corner& to)
      : dx(static_cast<double>(from.y) - to.y),
        dy(static_cast<double>(to.x) - from.x),
        offset(-(dx * from.x + dy * from.y)),
        owns_line(dx > 0 || (dx == 0 && dy > 0)) {}
  bool holds(double x, double y) const {
    const double value = dx * x + dy * y + offset;
    return value > 0 || (value == 0 && owns_line);
  }
};

class Triangle {
 public:
  // The order of the corners must make the inside positive. area: twice the area, positive.
  Triangle(const Corner& a, const Corner& b, const Corner& c, float area) : a_(a), b_(b), c_(c), area_(area) {}

  void draw(Image& image, const Atlas& atlas, const Box& clip) const {
    const Side sides[3] = {{a_, b_}, {b_, c_}, {c_, a_}};
    const auto [low_x, high_x] = std::minmax({a_.x, b_.x, c_.x});
    const auto [low_y, high_y] = std::minmax({a_.y, b_.y, c_.y});
    const int top = std::max(clip.top, static_cast<int>(std::floor(low_y)));
    const int bottom = std::min(clip.bottom, static_cast<int>(std::ceil(high_y)));
    const int left = std::max(clip.left, static_cast<int>(std::floor(low_x)));
    const int right = std::min(clip.right, static_cast<int>(std::ceil(high_x)));
    const bool flat = same_colour(a_, b_) && same_colour(b_, c_);
    const bool plain = a_.u == b_.u && b_.u == c_.u && a_.v == b_.v && b_.v == c_.v;
    const float plain_coverage = plain ? sample(atlas, a_.u, a_.v) : 0;
    const Plane u = plane(&Corner::u), v = plane(&Corner::v);
    const Plane r = plane(&Corner::r), g = plane(&Corner::g), b = plane(&Corner::b), alpha = plane(&Corner::a);
    for (int y = top; y < bottom; ++y) {
      const float py = static_cast<float>(y) + 0.5f;
      auto [begin, end] = span(sides, py, left, right);
      for (int x = begin; x < end; ++x) {
        const float px = static_cast<float>(x) + 0.5f;
        const float coverage = plain ? plain_coverage : sample(atlas, u.at(px, py), v.at(px, py));
        if (flat) {
          blend(image.at(x, y), a_.r, a_.g, a_.b, coverage * a_.a / 255.0f);
        } else {
          const auto bounded = [&](const Plane& channel) { return std::clamp(channel.at(px, py), 0.0f, 255.0f); };
          blend(image.at(x, y), bounded(r), bounded(g), bounded(b), coverage * bounded(alpha) / 255.0f);
        }
      }
    }
  }

 private:
  static bool same_colour(const Corner& a, const Corner& b) {
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
  }

  Plane plane(float Corner::* value) const {
    const float from_a_to_b = b_.*value - a_.*value, from_a_to_c = c_.*value - a_.*value;
    const float dx = (from_a_to_b * (c_.y - a_.y) - from_a_to_c * (b_.y - a_.y)) / area_;
    const float dy = (from_a_to_c * (b_.x - a_.x) - from_a_to_b * (c_.x - a_.x)) / area_;
    return {a_.*value - dx * a_.x - dy * a_.y, dx, dy};
  }

  // The pixels of a row whose centres lie inside: first estimated from the crossings of the sides, then corrected.
  static std::pair<int, int> span(const Side (&sides)[3], double y, int left, int right) {
    double from = left, to = right;
    for (const Side& side : sides) {
      const double rest = side.dy * y + side.offset;
      if (side.dx > 0) from = std::max(from, -rest / side.dx - 1.5);
      if (side.dx < 0) to = std::min(to, -rest / side.dx + 1.5);
      if (side.dx == 0 && (rest < 0 || (rest == 0 && !side.owns_line))) return {0, 0};
    }
    if (from >= to) return {0, 0};
    int begin = static_cast<int>(std::floor(from)), end = static_cast<int>(std::ceil(to));
    const auto inside = [&](int x) {
      return sides[0].holds(x + 0.5, y) && sides[1].holds(x + 0.5, y) && sides[2].holds(x + 0.5, y);
    };
    begin = std::max(begin, left);
    end = std::min(end, right);
    while (begin < end && !inside(begin)) ++begin;
    while (end > begin && !inside(end - 1)) --end;
    return {begin, end};
  }

  const Corner &a_, &b_, &c_;
  float area_;
};

void draw_triangle(Image& image, const Atlas& atlas, const Box& clip, const Corner& a, const Corner& b,
                   const Corner& c) {
  const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  if (area > 0) Triangle(a, b, c, area).draw(image, atlas, clip);
  if (area < 0) Triangle(a, c, b, -area).draw(image, atlas, clip);
}

Box clip_of(const ImDrawCmd& command, const ImDrawData& data, const Image& image) {
  const auto x = [&](float value) { return static_cast<int>((value - data.DisplayPos.x) * data.FramebufferScale.x); };
  const auto y = [&](float value) { return static_cast<int>((value - data.DisplayPos.y) * data.FramebufferScale.y); };
  return {std::max(0, x(command.ClipRect.x)), std::max(0, y(command.ClipRect.y)),
          std::min(image.width, x(command.ClipRect.z)), std::min(image.height, y(command.ClipRect.w))};
}

}  // namespace

void rasterise(Image& image, const ImDrawData& data, const Atlas& atlas) {
  DKV_ASSERT(atlas.alpha != nullptr && atlas.width > 0 && atlas.height > 0);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      DKV_ASSERT(command.UserCallback == nullptr || command.UserCallback == ImDrawCallback_ResetRenderState);
      const Box clip = clip_of(command, data, image);
      if (clip.left >= clip.right || clip.top >= clip.bottom) continue;
      const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
      const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
      for (unsigned k = 0; k + 2 < command.ElemCount; k += 3) {
        draw_triangle(image, atlas, clip, corner_of(vertices[index[k]], data), corner_of(vertices[index[k + 1]], data),
                      corner_of(vertices[index[k + 2]], data));
      }
    }
  }
}

}  // namespace dkv::viz
