#include "viz/views/ring_shape.h"

#include <algorithm>
#include <cmath>

namespace dkv::viz {
namespace {
constexpr float kPi = 3.14159265f;
}

RingShape::RingShape(ImVec2 min, ImVec2 max, std::uint32_t nodes, float margin, float scale)
    : nodes_(std::max(nodes, 1u)) {
  centre_ = {(min.x + max.x) / 2, (min.y + max.y) / 2};
  const float room = std::max(20.0f, std::min(max.x - min.x, max.y - min.y) / 2 - margin);
  const float neighbours = 2 * kPi * room / static_cast<float>(nodes_);
  node_radius_ = std::clamp(neighbours * 0.36f, 3.0f * scale, std::min(22.0f * scale, room * 0.2f));
  radius_ = room - node_radius_;
  gap_ = 5 * scale;
  band_ = std::clamp(radius_ * 0.07f, 5 * scale, 16 * scale);
}

float RingShape::node_angle(NodeId node) const {
  return -kPi / 2 + 2 * kPi * static_cast<float>(node) / static_cast<float>(nodes_);
}

float RingShape::partition_angle(std::uint32_t partition, std::uint32_t partitions) const {
  return -kPi / 2 + 2 * kPi * static_cast<float>(partition) / static_cast<float>(std::max(partitions, 1u));
}

ImVec2 RingShape::at(float angle, float radius) const {
  return {centre_.x + radius * std::cos(angle), centre_.y + radius * std::sin(angle)};
}

ImVec2 RingShape::way(NodeId from, NodeId to, float share) const {
  if (from == to) {
    // A narrow loop out from the node and back.
    const float angle = node_angle(from), turn = 2 * kPi * share;
    const float size = node_radius_ * 0.8f;
    const ImVec2 middle = at(angle, radius_ + node_radius_ + size);
    return {middle.x - size * std::cos(angle + turn), middle.y - size * std::sin(angle + turn)};
  }
  ImVec2 a = node(from), b = node(to);
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  const ImVec2 along{(b.x - a.x) / length, (b.y - a.y) / length};
  const float rim = std::min(node_radius_, length / 3);
  a = {a.x + along.x * rim, a.y + along.y * rim};
  b = {b.x - along.x * rim, b.y - along.y * rim};
  // A quadratic curve to the left of the straight path. The way back also bends to its own left.
  const float bend = length * 0.12f;
  const ImVec2 control{(a.x + b.x) / 2 + along.y * bend, (a.y + b.y) / 2 - along.x * bend};
  const float rest = 1 - share;
  return {rest * rest * a.x + 2 * rest * share * control.x + share * share * b.x,
          rest * rest * a.y + 2 * rest * share * control.y + share * share * b.y};
}

}  // namespace dkv::viz
