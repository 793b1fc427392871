#include "sim/draw/fault_draw.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "engine/core/assert.h"
#include "engine/input/units.h"

namespace dkv::sim {
namespace {

using Nodes = std::vector<NodeId>;

class Draw {
 public:
  Draw(const Scenario& scenario, FaultKind kind, TimeNs at_ns, TimeNs until_ns, Stream random)
      : scenario_(scenario), random_(random), at_ns_(at_ns), until_ns_(until_ns) {
    base_.at_ns = at_ns;
    base_.for_ns = until_ns - at_ns;
    base_.kind = kind;
    base_.random = true;
    // Fisher-Yates: the first few are a random choice.
    for (NodeId node = 0; node < scenario.cluster.members.size(); ++node) nodes_.push_back(node);
    for (std::size_t i = nodes_.size(); i > 1; --i) std::swap(nodes_[i - 1], nodes_[random_.below(i)]);
  }

  std::vector<Fault> run() {
    switch (base_.kind) {
      case FaultKind::kPartition: partition(); break;
      case FaultKind::kOneWay:
      case FaultKind::kClog: direction(); break;
      case FaultKind::kLoss:
      case FaultKind::kDuplicate:
      case FaultKind::kReorder:
      case FaultKind::kDelay: disturbance(); break;
      case FaultKind::kLinkDown: link_down(); break;
      case FaultKind::kCrash:
      case FaultKind::kPowerLoss:
      case FaultKind::kPause:
      case FaultKind::kWipe: add({some_nodes()}); break;
      case FaultKind::kSlow:
      case FaultKind::kSlowDisk:
      case FaultKind::kClockSkew: strain(); break;
      case FaultKind::kFailSync:
      case FaultKind::kStalledDisk:
      case FaultKind::kDiskFull: add({some_nodes()}); break;
      case FaultKind::kReadErrors: read_errors(); break;
      case FaultKind::kBitRot:
      case FaultKind::kMisdirected: damage(); break;
    }
    return std::move(faults_);
  }

 private:
  void add(std::vector<Nodes> groups) {
    for (Nodes& group : groups) std::sort(group.begin(), group.end());
    Fault& fault = faults_.emplace_back(base_);
    fault.groups = std::move(groups);
  }
  // The nodes from the first to before the last, of the shuffled ones.
  Nodes slice(std::size_t first, std::size_t last) const { return {nodes_.data() + first, nodes_.data() + last}; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.below(bound)); }
  template <class T, std::size_t kCount>
  T one_of(const T (&choices)[kCount]) {
    return choices[random_.below(kCount)];
  }

  // Mostly one node, sometimes two, now and then any number up to all.
  Nodes some_nodes() {
    const std::size_t draw = below(100);
    const std::size_t any = 1 + below(nodes_.size());
    return slice(0, draw < 70 ? 1 : draw < 90 ? std::min<std::size_t>(2, nodes_.size()) : any);
  }

  void partition() {
    const std::size_t count = nodes_.size();
    if (count < 2) return;
    enum Shape { kSides, kAlone, kBridge, kPair, kRing, kFlapping };
    static constexpr Shape kShapes[] = {kSides, kSides, kSides, kAlone, kAlone, kBridge, kPair, kRing, kFlapping};
    const Shape shape = one_of(kShapes);
    const std::size_t cut = 1 + below(count - 1);
    switch (shape) {
      case kBridge:
        if (count >= 3) {
          const std::size_t left = 1 + below(count - 2);
          return add({slice(0, left), slice(left, count - 1)});
        }
        break;
      case kPair: return add({{nodes_[0]}, {nodes_[1]}});
      case kRing:
        if (count >= 4) return ring();
        break;
      case kAlone: return add({{nodes_[0]}, slice(1, count)});
      case kFlapping: return flapping(below(2) == 0 ? 1 : cut);
      case kSides: break;
    }
    add({slice(0, cut), slice(cut, count)});
  }

  // Around the ring each node keeps as many neighbours on both sides as make a majority with it; all others are cut
  // off.
  void ring() {
    const std::size_t count = nodes_.size();
    const std::size_t reach = (count / 2 + 1) / 2;
    for (std::size_t i = 0; i < count; ++i) {
      Nodes far;
      for (std::size_t j = i + 1; j < count; ++j) {
        if (std::min(j - i, count - (j - i)) > reach) far.push_back(nodes_[j]);
      }
      if (!far.empty()) add({{nodes_[i]}, std::move(far)});
    }
  }

  void flapping(std::size_t cut) {
    const std::size_t turns = 2 + below(5);
    const TimeNs turn = (until_ns_ - at_ns_) / static_cast<TimeNs>(turns) / kMillisecond * kMillisecond;
    if (turn < 10 * kMillisecond) return add({slice(0, cut), slice(cut, nodes_.size())});
    for (std::size_t i = 0; i < turns; ++i) {
      add({slice(0, cut), slice(cut, nodes_.size())});
      faults_.back().at_ns = at_ns_ + static_cast<TimeNs>(i) * turn;
      faults_.back().for_ns = random_.between(turn / kMillisecond / 5 + 1, turn / kMillisecond * 4 / 5) * kMillisecond;
    }
  }

  void direction() {
    const std::size_t count = nodes_.size();
    if (count < 2) return;
    const std::size_t from = below(3) != 0 ? 1 : 1 + below(count - 1);
    const std::size_t to = below(2) == 0 ? count : from + 1 + below(count - from);
    add({slice(0, from), slice(from, to)});
  }

  void disturbance() {
    const std::size_t count = nodes_.size();
    if (count < 2) return;
    static constexpr std::uint32_t kRates[] = {1'000, 10'000, 50'000, 100'000, 200'000, 400'000};
    static constexpr std::uint32_t kLosses[] = {1'000, 10'000, 50'000, 100'000, 200'000, 400'000, 900'000};
    if (base_.kind == FaultKind::kLoss) base_.rate_ppm = one_of(kLosses);
    if (base_.kind == FaultKind::kDuplicate || base_.kind == FaultKind::kReorder) base_.rate_ppm = one_of(kRates);
    static constexpr TimeNs kBy[] = {kMillisecond, 5 * kMillisecond, 20 * kMillisecond, 100 * kMillisecond,
                                     400 * kMillisecond};
    if (base_.kind == FaultKind::kReorder || base_.kind == FaultKind::kDelay) delay(one_of(kBy));
    const std::size_t scope = below(4);
    const std::size_t cut = 1 + below(count - 1);
    if (scope < 2) {
      add({});
    } else if (scope == 2) {
      add({{nodes_[0]}});
    } else {
      add({slice(0, cut), slice(cut, count)});
    }
  }

  // Around `typical`: constant, uniform or exponential, with the words of a scenario file for it.
  void delay(TimeNs typical) {
    const std::string text = duration_text(typical);
    switch (below(3)) {
      case 0:
        base_.delay = Distribution::constant(typical);
        base_.delay_text = text;
        break;
      case 1:
        base_.delay = Distribution::uniform(0, 2 * typical);
        base_.delay_text = "{uniform: [0s, " + duration_text(2 * typical) + "]}";
        break;
      default:
        base_.delay = Distribution::exponential(typical);
        base_.delay_text = "{exponential: {mean: " + text + "}}";
        break;
    }
  }

  void link_down() {
    const std::vector<TopologyLink>& links = scenario_.network.topology.links;
    if (links.empty()) return;
    const TopologyLink& link = links[below(links.size())];
    base_.from = link.a;
    base_.to = link.b;
    add({});
  }

  void strain() {
    static constexpr TimeNs kSlow[] = {kMillisecond, 5 * kMillisecond, 20 * kMillisecond, 50 * kMillisecond};
    static constexpr TimeNs kDisk[] = {5 * kMillisecond, 20 * kMillisecond, 100 * kMillisecond, 500 * kMillisecond};
    if (base_.kind == FaultKind::kSlow) delay(one_of(kSlow));
    if (base_.kind == FaultKind::kSlowDisk) delay(one_of(kDisk));
    if (base_.kind == FaultKind::kClockSkew) {
      const std::int64_t back = random_.between(0, 1);
      const std::int64_t by_ms = random_.between(1, 1'000);
      base_.skew_ns = (back == 1 ? -by_ms : by_ms) * kMillisecond;
    }
    add({some_nodes()});
  }

  void read_errors() {
    static constexpr std::uint32_t kRates[] = {10'000, 100'000, 500'000};
    base_.rate_ppm = one_of(kRates);
    add({some_nodes()});
  }

  // All of a run's damage falls on one node, whichever the first name is: what no other replica holds can't be healed,
  // and a run in which every copy rots shows nothing.
  void damage() {
    base_.for_ns = 0;  // it strikes once
    add({{0}});
  }

  const Scenario& scenario_;
  Stream random_;
  TimeNs at_ns_;
  TimeNs until_ns_;
  Fault base_;
  Nodes nodes_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> draw_fault(const Scenario& scenario, FaultKind kind, TimeNs at_ns, TimeNs until_ns, Stream random) {
  DKV_ASSERT(at_ns < until_ns && !scenario.cluster.members.empty());
  return Draw(scenario, kind, at_ns, until_ns, random).run();
}

}  // namespace dkv::sim
