#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/placement.h"
#include "engine/core/types.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The graph of places (nodes, switches, data centres) and links. The base latency between two nodes is that of the
// shortest path over the intact links. Nodes in different components cannot reach each other. Cuts are counted: a
// link that was cut twice is intact again after two restorations.
class Topology {
 public:
  static constexpr TimeNs kUnreachable = std::numeric_limits<TimeNs>::max();

  // The members have the ids 0..n-1, in order. Every end of a link is the name of a member or of a place in
  // spec.places.
  Topology(std::span<const Member> members, const TopologySpec& spec);

  // True when the scenario has no links: every node reaches every other with a base latency of 0.
  bool direct() const noexcept { return links_.empty(); }
  bool has_link(std::string_view a, std::string_view b) const noexcept;

  // Whether the link is intact. Links are numbered by their index in TopologySpec::links.
  bool stands(std::size_t link) const noexcept { return links_[link].cuts == 0; }

  // Both affect all links between the two places, in either direction. There must be one.
  void cut(std::string_view a, std::string_view b);
  void restore(std::string_view a, std::string_view b);

  // Base latencies from node to node, [from * nodes + to]; kUnreachable without a path. Empty when direct().
  std::vector<TimeNs> routes() const;

 private:
  struct Link {
    std::uint32_t a = 0, b = 0;  // indices in places_
    TimeNs latency_ns = 0;
    std::uint32_t cuts = 0;
  };
  std::uint32_t place(std::string_view name) const noexcept;
  bool joins(const Link& link, std::uint32_t a, std::uint32_t b) const noexcept;

  std::size_t nodes_ = 0;
  std::vector<std::string> places_;  // nodes first
  std::vector<Link> links_;
};

}  // namespace dkv::sim
