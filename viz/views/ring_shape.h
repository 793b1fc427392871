#pragma once

#include <imgui.h>

#include <cstdint>

#include "engine/core/types.h"

namespace dkv::viz {

// Where things stand on the ring: nodes evenly on a circle, the first at the top, clockwise; within it the band of
// partitions. All in pixels.
class RingShape {
 public:
  // The largest that fits into the rectangle, with `margin` around it for labels. nodes at least 1.
  RingShape(ImVec2 min, ImVec2 max, std::uint32_t nodes, float margin, float scale);

  ImVec2 centre() const { return centre_; }
  float radius() const { return radius_; }            // of the circle of nodes
  float node_radius() const { return node_radius_; }  // of a node: neighbours do not touch
  float band_outer() const { return radius_ - node_radius_ - gap_; }
  float band_inner() const { return band_outer() - band_; }
  ImVec2 node(NodeId node) const { return at(node_angle(node), radius_); }
  // Radians, 0 to the right, growing clockwise on the screen.
  float node_angle(NodeId node) const;
  // Where the partition's arc begins; that of `partitions` is where the first one begins again.
  float partition_angle(std::uint32_t partition, std::uint32_t partitions) const;
  ImVec2 at(float angle, float radius) const;
  // A point of the way of a message, share 0 at its sender and 1 at its receiver, from rim to rim. The way there and
  // the way back bend apart. A node's message to itself or to its clients makes a loop outside.
  ImVec2 way(NodeId from, NodeId to, float share) const;

 private:
  ImVec2 centre_;
  float radius_ = 0, node_radius_ = 0, gap_ = 0, band_ = 0;
  std::uint32_t nodes_ = 1;
};

}  // namespace dkv::viz
