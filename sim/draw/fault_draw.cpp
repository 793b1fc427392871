#include "sim/draw/fault_draw.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/faults/catalogue.h"

namespace dkv::sim {
namespace {

using Nodes = std::vector<NodeId>;

class Draw {
 public:
  Draw(const Scenario& scenario, FaultKind kind, TimeNs at_ns, TimeNs until_ns, Stream random)
      : scenario_(scenario), traits_(traits_of(kind)), random_(random), at_ns_(at_ns), until_ns_(until_ns) {
    base_.at_ns = at_ns;
    base_.for_ns = traits_.strikes_once ? 0 : until_ns - at_ns;
    base_.kind = kind;
    base_.random = true;
    // A Fisher-Yates shuffle, so that the first few nodes are a random choice.
    for (NodeId node = 0; node < scenario.cluster.members.size(); ++node) nodes_.push_back(node);
    for (std::size_t i = nodes_.size(); i > 1; --i) std::swap(nodes_[i - 1], nodes_[random_.below(i)]);
  }

  std::vector<Fault> run() {
    const bool alone = traits_.place == FaultPlace::kNodes || traits_.place == FaultPlace::kEnds;
    if (!alone && nodes_.size() < 2) return {};
    strengths();
    switch (traits_.place) {
      case FaultPlace::kSets: sides(); break;
      case FaultPlace::kDirection: direction(); break;
      case FaultPlace::kLinks: links(); break;
      case FaultPlace::kEnds: ends(); break;
      case FaultPlace::kCopy: add({{nodes_[0]}, {nodes_[1]}}); break;
      // All damage of a run hits the first node. A run in which every copy rots could prove nothing.
      case FaultPlace::kNodes:
        if (!traits_.drawn.skews_ns.empty() && below(3) == 0) {
          strobe();
          break;
        }
        add({traits_.drawn.first_node_only ? Nodes{0} : some_nodes()});
        break;
    }
    return std::move(faults_);
  }

 private:
  void add(std::vector<Nodes> groups) {
    for (Nodes& group : groups) std::sort(group.begin(), group.end());
    Fault& fault = faults_.emplace_back(base_);
    fault.groups = std::move(groups);
  }
  // The shuffled nodes from `first` up to, but not including, `last`.
  Nodes slice(std::size_t first, std::size_t last) const { return {nodes_.data() + first, nodes_.data() + last}; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.below(bound)); }
  template <class T>
  T one_of(std::span<const T> choices) {
    return choices[random_.below(choices.size())];
  }

  // Usually one node, sometimes two, rarely any number up to all.
  Nodes some_nodes() {
    const std::size_t draw = below(100);
    const std::size_t any = 1 + below(nodes_.size());
    return slice(0, draw < 70 ? 1 : draw < 90 ? std::min<std::size_t>(2, nodes_.size()) : any);
  }

  void sides() {
    const std::size_t count = nodes_.size();
    enum Shape { kSides, kAlone, kBridge, kPair, kRing, kFlapping };
    static constexpr Shape kShapes[] = {kSides, kSides, kSides, kAlone, kAlone, kBridge, kPair, kRing, kFlapping};
    const Shape shape = one_of(std::span<const Shape>(kShapes));
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

  // On the ring, each node can talk to just enough neighbours on both sides for a majority. All others are cut off.
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

  // A clock that jumps back and forth.
  void strobe() {
    const Nodes nodes = some_nodes();
    const std::size_t turns = 2 + below(4);
    const TimeNs turn = (until_ns_ - at_ns_) / static_cast<TimeNs>(turns) / kMillisecond * kMillisecond;
    if (turn < 10 * kMillisecond) return add({nodes});
    for (std::size_t i = 0; i < turns; ++i) {
      far_skew();
      add({nodes});
      faults_.back().at_ns = at_ns_ + static_cast<TimeNs>(i) * turn;
      faults_.back().for_ns = random_.between(turn / kMillisecond / 5 + 1, turn / kMillisecond * 4 / 5) * kMillisecond;
    }
  }

  void far_skew() {
    const TimeNs typical_ns = one_of(traits_.drawn.skews_ns);
    const bool back = below(2) == 0;
    const TimeNs by_ns = random_.between(typical_ns / kSecond * 9 / 10, typical_ns / kSecond * 11 / 10) * kSecond;
    base_.skew_ns = back ? -by_ns : by_ns;
  }

  void direction() {
    const std::size_t count = nodes_.size();
    const std::size_t from = below(3) != 0 ? 1 : 1 + below(count - 1);
    const std::size_t to = below(2) == 0 ? count : from + 1 + below(count - from);
    add({slice(0, from), slice(from, to)});
  }

  void strengths() {
    const DrawnStrengths& drawn = traits_.drawn;
    if (!drawn.rates_ppm.empty()) base_.rate_ppm = one_of(drawn.rates_ppm);
    if (!drawn.delays_ns.empty()) delay(one_of(drawn.delays_ns));
    if (drawn.skew_most_ns > 0) {
      const std::int64_t back = random_.between(0, 1);
      const std::int64_t by_ms = random_.between(1, drawn.skew_most_ns / kMillisecond);
      base_.skew_ns = (back == 1 ? -by_ms : by_ms) * kMillisecond;
    }
    if (!drawn.skews_ns.empty()) far_skew();
    if (drawn.moment) base_.to_ns = random_.between(0, at_ns_ / kMillisecond) * kMillisecond;
  }

  void links() {
    const std::size_t count = nodes_.size();
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

  // A distribution around `typical`: constant, uniform or exponential. Also its text for a scenario file.
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

  void ends() {
    const std::vector<TopologyLink>& known = scenario_.network.topology.links;
    if (known.empty()) return;
    const TopologyLink& link = known[below(known.size())];
    base_.from = link.a;
    base_.to = link.b;
    add({});
  }

  const Scenario& scenario_;
  const FaultTraits& traits_;
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
