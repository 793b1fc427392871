#pragma once

#include <imgui.h>

#include <cstdint>

#include "engine/core/types.h"

namespace dkv::viz {

// The geometry of the ring, in pixels: nodes evenly on a circle, the first at the top, clockwise; inside it the band
// of partitions.
class RingShape {
 public:
  // The largest ring that fits into the rectangle, with `margin` around it for labels. There must be at least one
  // node.
  RingShape(ImVec2 min, ImVec2 max, std::uint32_t nodes, float margin, float scale);

  ImVec2 centre() const { return centre_; }
  float radius() const { return radius_; }            // of the circle of nodes
  float node_radius() const { return node_radius_; }  // of a node, so small that neighbours do not touch
  float band_outer() const { return radius_ - node_radius_ - gap_; }
  float band_inner() const { return band_outer() - band_; }
  ImVec2 node(NodeId node) const { return at(node_angle(node), radius_); }
  // Radians; 0 points right, and angles grow clockwise on the screen.
  float node_angle(NodeId node) const;
  // The angle where the partition's arc begins. partition == partitions gives the end of the last arc.
  float partition_angle(std::uint32_t partition, std::uint32_t partitions) const;
  ImVec2 at(float angle, float radius) const;
  // A point on the path of a message: share 0 at the sender's rim, 1 at the receiver's. The paths there and back bend
  // apart. A message of a node to itself or to its clients makes a loop outside.
  ImVec2 way(NodeId from, NodeId to, float share) const;

 private:
  ImVec2 centre_;
  float radius_ = 0, node_radius_ = 0, gap_ = 0, band_ = 0;
  std::uint32_t nodes_ = 1;
};

}  // namespace dkv::viz
