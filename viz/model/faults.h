#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/faults/catalogue.h"
#include "sim/world/world.h"

namespace dkv::viz {

// A fault that is on, and the items that a picture of the cluster marks for it. All comes from the catalogue of faults,
// so a new kind is drawn without a change here.
struct FaultMark {
  std::uint32_t number = 0;  // see World::fault()
  const sim::Fault* fault = nullptr;
  const sim::FaultTraits* traits = nullptr;
  std::vector<NodeId> nodes;                    // that it hits
  std::vector<std::pair<NodeId, NodeId>> ways;  // from, to: messages on these ways are disturbed; at most kWaysMax
  bool both_ways = false;                       // the same holds for the ways back
  bool everywhere = false;                      // it disturbs all links
};
inline constexpr std::size_t kWaysMax = 200;

// Ascending by number. The pointers are valid until the world's next step.
std::vector<FaultMark> faults_on(const sim::World& world);

}  // namespace dkv::viz
