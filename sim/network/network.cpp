#include "sim/network/network.h"

#include <algorithm>
#include <cstring>

#include "engine/core/assert.h"

namespace dkv::sim {

Network::Network(const Scenario& scenario, std::uint64_t seed)
    : nodes_(scenario.cluster.members.size()),
      latency_(scenario.network.latency),
      loss_ppm_(scenario.network.loss_ppm),
      duplicate_ppm_(scenario.network.duplicate_ppm),
      reorder_ppm_(scenario.network.reorder_ppm),
      reorder_delay_(scenario.network.reorder_delay),
      local_ns_(std::max(kMicrosecond, scenario.network.latency.least() / 2)),
      topology_(scenario.cluster.members, scenario.network.topology),
      routes_(topology_.routes()) {
  DKV_ASSERT(nodes_ >= 1 && nodes_ <= kNodesMax);
  draw_from(seed);
  add_rules(scenario.network.rules);
  rebuild();
}

void Network::draw_from(std::uint64_t seed) {
  seed_ = seed;
  latency_stream_ = Stream(seed, Purpose::kNetworkLatency);
  loss_stream_ = Stream(seed, Purpose::kNetworkLoss);
  duplicate_stream_ = Stream(seed, Purpose::kNetworkDuplicate);
  reorder_stream_ = Stream(seed, Purpose::kNetworkReorder);
  for (Active& fault : active_) fault.stream = stream_of(fault.effect, fault.index);
}

// Index 0 belongs to the scenario's own rates.
Stream Network::stream_of(NetworkEffect effect, std::size_t fault_index) const noexcept {
  const Purpose purpose = effect == NetworkEffect::kLose       ? Purpose::kNetworkLoss
                          : effect == NetworkEffect::kRepeat   ? Purpose::kNetworkDuplicate
                          : effect == NetworkEffect::kOvertake ? Purpose::kNetworkReorder
                                                               : Purpose::kNetworkLatency;
  return {seed_, purpose, fault_index + 1};
}

void Network::add_rules(const std::vector<LinkRule>& rules) {
  if (rules.empty()) return;
  DKV_ASSERT(rules.size() < UINT16_MAX);
  std::vector<std::uint16_t> table(nodes_ * nodes_ * kLegs, 0);
  for (const LinkRule& rule : rules) {
    rules_.push_back({rule.latency, rule.loss_ppm});
    const auto number = static_cast<std::uint16_t>(rules_.size());
    const auto claim = [&](NodeId from, NodeId to) {
      for (std::size_t leg = 0; leg < kLegs; ++leg) {
        const bool meant = rule.legs.empty() ||
                           std::find(rule.legs.begin(), rule.legs.end(), static_cast<Leg>(leg)) != rule.legs.end();
        std::uint16_t& place = table[link_of(from, to) * kLegs + leg];
        if (meant && place == 0) place = number;
      }
    };
    for (const NodeId from : rule.from) {
      for (const NodeId to : rule.to) {
        claim(from, to);
        if (rule.both_ways) claim(to, from);
      }
    }
  }
  rule_of_ = SharedArray<std::uint16_t>::copy_of(table);
}

Network::Verdict Network::send_special(std::size_t link, Leg leg) {
  const std::uint8_t traits = traits_[link];
  if ((traits & kLocal) != 0) return {Fate::kDelivered, 1, {local_ns_, 0}};
  const std::uint64_t random = latency_stream_.next();
  if ((traits & kBlocked) != 0) {
    touch(NetworkEffect::kCut, link);
    return {Fate::kLost, 0, {0, 0}};
  }
  if ((traits & kClogged) != 0) {
    touch(NetworkEffect::kHold, link);
    return {Fate::kHeld, 0, {0, 0}};
  }

  const Distribution* latency = &latency_;
  std::uint32_t loss_ppm = loss_ppm_;
  if ((traits & kRuled) != 0) {
    const std::uint16_t number = rule_of_[link * kLegs + static_cast<std::size_t>(leg)];
    if (number != 0) {
      const Rule& rule = rules_[number - 1u];
      if (rule.latency) latency = &*rule.latency;
      if (rule.loss_ppm) loss_ppm = *rule.loss_ppm;
    }
  }
  Disturbance disturbance;
  if (loss_stream_.chance_ppm(loss_ppm)) disturbance.lost = true;
  if (duplicate_stream_.chance_ppm(duplicate_ppm_)) disturbance.twice = true;
  if (reorder_stream_.chance_ppm(reorder_ppm_)) disturbance.extra_ns += reorder_delay_.at(reorder_stream_.next());
  if ((traits & kDisturbed) != 0) {
    disturb(static_cast<NodeId>(link / nodes_), static_cast<NodeId>(link % nodes_), disturbance);
  }
  if (disturbance.lost) return {Fate::kLost, 0, {0, 0}};

  const TimeNs base = ((traits & kRouted) != 0 ? routes_[link] : 0) + disturbance.extra_ns;
  Verdict verdict{Fate::kDelivered, 1, {base + latency->at(random), 0}};
  if (disturbance.twice) {
    verdict.copies = 2;
    verdict.after_ns[1] = base + latency->at(duplicate_stream_.next());
  }
  return verdict;
}

void Network::disturb(NodeId from, NodeId to, Disturbance& disturbance) {
  for (Active& fault : active_) {
    if (trait_of(fault.effect) != kDisturbed || !covers(fault, from, to)) continue;
    if (fault.effect != NetworkEffect::kDelay && !fault.stream.chance_ppm(fault.rate_ppm)) continue;
    touched_[fault.index] = 1;
    switch (fault.effect) {
      case NetworkEffect::kLose: disturbance.lost = true; break;
      case NetworkEffect::kRepeat: disturbance.twice = true; break;
      case NetworkEffect::kOvertake:
      case NetworkEffect::kDelay: disturbance.extra_ns += fault.delay.at(fault.stream.next()); break;
      case NetworkEffect::kNone:
      case NetworkEffect::kCut:
      case NetworkEffect::kHold:
      case NetworkEffect::kReroute: break;  // they do not disturb messages
    }
  }
}

void Network::touch(NetworkEffect effect, std::size_t link) noexcept {
  for (const Active& fault : active_) {
    if (fault.effect == effect && covers(fault, static_cast<NodeId>(link / nodes_), static_cast<NodeId>(link % nodes_)))
      touched_[fault.index] = 1;
  }
}

std::uint8_t Network::trait_of(NetworkEffect effect) noexcept {
  switch (effect) {
    case NetworkEffect::kCut: return kBlocked;
    case NetworkEffect::kHold: return kClogged;
    case NetworkEffect::kLose:
    case NetworkEffect::kRepeat:
    case NetworkEffect::kOvertake:
    case NetworkEffect::kDelay: return kDisturbed;
    case NetworkEffect::kNone:
    case NetworkEffect::kReroute: break;
  }
  return 0;
}

bool Network::covers(const Active& fault, NodeId from, NodeId to) noexcept {
  const std::uint8_t a = fault.group_of[from];
  const std::uint8_t b = fault.group_of[to];
  switch (fault.place) {
    case FaultPlace::kSets: return a != 0 && b != 0 && a != b;
    case FaultPlace::kDirection: return a == 1 && (fault.groups == 1 ? b == 0 : b == 2);
    case FaultPlace::kLinks:
      if (fault.groups == 0) return true;
      if (fault.groups == 1) return a != 0 || b != 0;
      return a != 0 && b != 0 && a != b;
    case FaultPlace::kEnds:
    case FaultPlace::kCopy:
    case FaultPlace::kNodes: break;  // they do not name links
  }
  return false;
}

void Network::begin(std::size_t fault_index, const Fault& fault) {
  DKV_ASSERT(handles(fault.kind) && fault.groups.size() < 256);
  Active active;
  active.index = fault_index;
  active.effect = traits_of(fault.kind).effect;
  active.place = traits_of(fault.kind).place;
  active.rate_ppm = fault.rate_ppm;
  active.groups = fault.groups.size();
  active.group_of.assign(nodes_, 0);
  active.delay = fault.delay;
  for (std::size_t group = 0; group < fault.groups.size(); ++group) {
    for (const NodeId node : fault.groups[group]) {
      DKV_ASSERT(node < nodes_);
      active.group_of[node] = static_cast<std::uint8_t>(group + 1);
    }
  }
  active.stream = stream_of(active.effect, fault_index);
  const auto place = std::lower_bound(active_.begin(), active_.end(), fault_index,
                                      [](const Active& a, std::size_t index) { return a.index < index; });
  DKV_ASSERT(place == active_.end() || place->index != fault_index);
  active_.insert(place, std::move(active));
  if (touched_.size() <= fault_index) touched_.resize(fault_index + 1, 0);
  touched_[fault_index] = traits_of(fault.kind).effect == NetworkEffect::kReroute ? 1 : 0;
  if (traits_of(fault.kind).effect == NetworkEffect::kReroute) {
    topology_.cut(fault.from, fault.to);
    routes_ = topology_.routes();
  }
  rebuild();
}

void Network::end(std::size_t fault_index, const Fault& fault) {
  const auto place =
      std::find_if(active_.begin(), active_.end(), [&](const Active& a) { return a.index == fault_index; });
  DKV_ASSERT(place != active_.end() && place->effect == traits_of(fault.kind).effect);
  active_.erase(place);
  if (traits_of(fault.kind).effect == NetworkEffect::kReroute) {
    topology_.restore(fault.from, fault.to);
    routes_ = topology_.routes();
  }
  rebuild();
}

// The traits are a function of the faults that are on now. So the end of a fault undoes exactly its beginning, in any
// order of ends.
void Network::rebuild() {
  const bool rated = loss_ppm_ != 0 || duplicate_ppm_ != 0 || reorder_ppm_ != 0;
  traits_.assign(nodes_ * nodes_, rated ? kRated : 0);
  for (NodeId from = 0; from < nodes_; ++from) {
    for (NodeId to = 0; to < nodes_; ++to) {
      const std::size_t link = link_of(from, to);
      std::uint8_t& traits = traits_[link];
      if (from == to) {
        traits = kLocal;
        continue;
      }
      if (!routes_.empty()) traits |= routes_[link] == Topology::kUnreachable ? kBlocked : kRouted;
      for (std::size_t leg = 0; leg < kLegs && !rule_of_.empty(); ++leg) {
        if (rule_of_[link * kLegs + leg] != 0) traits |= kRuled;
      }
      for (const Active& fault : active_) {
        if (covers(fault, from, to)) traits |= trait_of(fault.effect);
      }
    }
  }
}

}  // namespace dkv::sim
