#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/assert.h"
#include "engine/core/shared_array.h"
#include "engine/core/types.h"
#include "sim/faults/catalogue.h"
#include "sim/faults/fault.h"
#include "sim/kernel/distribution.h"
#include "sim/kernel/rng.h"
#include "sim/network/topology.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Decides the fate of each message: lost, held, or delivered after some time, once or twice. It keeps no messages.
// Copyable. A fault affects messages that are sent while it is on; a message that is already under way arrives.
//
// The groups of a fault of loss, duplication, reordering or delay determine its links. No group: all links. One
// group: all links with an end in it. Several groups: the links between nodes of different groups. A one-way fault or
// clog with a single group affects the links from it to all other nodes.
class Network {
 public:
  enum class Fate : std::uint8_t {
    kDelivered,
    kLost,
    kHeld,  // by a clog: the caller keeps the message and sends it again when a clog ends
  };
  struct Verdict {
    Fate fate = Fate::kLost;
    std::uint8_t copies = 0;      // of a delivered message: 1 or 2
    TimeNs after_ns[2] = {0, 0};  // for each copy, the time from sending to arrival
  };

  Network(const Scenario& scenario, std::uint64_t seed);
  // From now on all numbers come from other streams: those of this seed, from their beginning.
  void draw_from(std::uint64_t seed);

  // A client sends and receives as its home node. No message between a node and its own clients is lost.
  Verdict send(NodeId from, NodeId to, Leg leg) {
    const std::size_t link = link_of(from, to);
    // There is one draw for each message that leaves its node, whatever its fate. So no fault shifts the latencies of
    // others.
    if (traits_[link] == 0) return {Fate::kDelivered, 1, {latency_.at(latency_stream_.next()), 0}};
    return send_special(link, leg);
  }

  // A fault is identified by its index in the schedule. It begins once and ends at most once; faults may end in any
  // order.
  static bool handles(FaultKind kind) noexcept { return traits_of(kind).layer == FaultLayer::kNetwork; }
  void begin(std::size_t fault_index, const Fault& fault);
  void end(std::size_t fault_index, const Fault& fault);

  // Whether a message could pass now: no fault that stops all messages is on between the two nodes.
  bool open(NodeId from, NodeId to) const { return (traits_[link_of(from, to)] & (kBlocked | kClogged)) == 0; }
  const Topology& topology() const noexcept { return topology_; }
  bool any_fault() const noexcept { return !active_.empty(); }
  // Whether the fault, which has begun, has changed the fate of a message. A fault that reroutes counts at once.
  bool touched(std::size_t fault_index) const noexcept {
    return fault_index < touched_.size() && touched_[fault_index] != 0;
  }

 private:
  // The properties by which a link differs from a plain one.
  enum Trait : std::uint8_t {
    kLocal = 1,    // from a node to itself
    kBlocked = 2,  // partitioned, or no route
    kClogged = 4,
    kDisturbed = 8,  // an active fault of loss, duplication, reordering or delay affects it
    kRouted = 16,    // it has a base latency
    kRuled = 32,     // a link rule applies to some of its legs
    kRated = 64,     // the scenario has its own rates of loss, duplication and reordering
  };
  struct Active {
    std::size_t index = 0;
    NetworkEffect effect = NetworkEffect::kNone;
    FaultPlace place = FaultPlace::kLinks;
    std::uint32_t rate_ppm = 0;
    std::size_t groups = 0;
    std::vector<std::uint8_t> group_of;  // by node: 0 none, g + 1
    Distribution delay;
    Stream stream;  // its own, so that faults do not shift each other's draws
  };
  struct Rule {
    std::optional<Distribution> latency;
    std::optional<std::uint32_t> loss_ppm;
  };
  struct Disturbance {
    bool lost = false;
    bool twice = false;
    TimeNs extra_ns = 0;
  };

  std::size_t link_of(NodeId from, NodeId to) const {
    DKV_ASSERT(from < nodes_ && to < nodes_);
    return static_cast<std::size_t>(from) * nodes_ + to;
  }
  void add_rules(const std::vector<LinkRule>& rules);
  Verdict send_special(std::size_t link, Leg leg);
  void disturb(NodeId from, NodeId to, Disturbance& disturbance);
  static bool covers(const Active& fault, NodeId from, NodeId to) noexcept;
  void touch(NetworkEffect effect, std::size_t link) noexcept;
  static std::uint8_t trait_of(NetworkEffect effect) noexcept;
  Stream stream_of(NetworkEffect effect, std::size_t fault_index) const noexcept;
  void rebuild();

  std::size_t nodes_ = 0;
  std::vector<std::uint8_t> traits_;  // [from * nodes + to]
  Distribution latency_;
  Stream latency_stream_;

  Stream loss_stream_, duplicate_stream_, reorder_stream_;
  std::uint32_t loss_ppm_ = 0, duplicate_ppm_ = 0, reorder_ppm_ = 0;
  Distribution reorder_delay_;
  TimeNs local_ns_ = 0;
  std::uint64_t seed_ = 0;
  Topology topology_;
  std::vector<TimeNs> routes_;  // indexed as traits_; empty without a topology
  std::vector<Rule> rules_;
  SharedArray<std::uint16_t> rule_of_;  // [link * kLegs + leg]: 0 none, rule + 1; empty without rules
  std::vector<Active> active_;          // ascending by index
  std::vector<std::uint8_t> touched_;   // by index of the fault
};

}  // namespace dkv::sim
