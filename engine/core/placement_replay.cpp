#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/placement_parts.h"

namespace dkv::placement {
namespace {

// The cost of a set of holders, most important first: pairs on one host, pairs in one data centre, pairs in one rack.
// The fewer pairs a domain has, the more evenly the copies are spread. Each count stays below 64, so that one integer
// compares all three.
constexpr int spread_cost(int host_pairs, int datacenter_pairs, int rack_pairs) {
  return (host_pairs * 64 + datacenter_pairs) * 64 + rack_pairs;
}

// A load may differ from its exact share by 1/kSlack. With exact loads every choice would depend on all others, and the
// removal of one member would change all later joins.
constexpr std::uint64_t kSlack = 25;

// A best-spread set stays best-spread when one candidate is added and at most one element is exchanged for it: the
// number of pairs in nested domains is an M-convex function (Murota, "Discrete Convex Analysis", 2003). So exchanges
// with the newcomer keep every partition spread as well as the members allow, and nothing else needs to move.
class Replay {
 public:
  Replay(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas)
      : sites_(sites), flat_(sites.flat()), partitions_(partitions), bands_(sites.all.size()) {
    holders_.replicas = replicas;
    holders_.member.resize(std::size_t{partitions} * replicas);
    holders_.load.resize(sites.all.size());
    distance_.resize(holders_.member.size());
  }

  Holders run() && {
    for (std::uint32_t member = 0; member < sites_.all.size(); ++member) {
      if (member < holders_.replicas) {
        hold_all(member);
      } else {
        take_for_spread(member);
        take_for_balance(member);
      }
    }
    return std::move(holders_);
  }

 private:
  void hold_all(std::uint32_t member) {
    for (PartitionId p = 0; p < partitions_; ++p) hold(slot(p, member), member);
    holders_.load[member] = partitions_;
  }

  // Takes the slots with which the newcomer spreads a partition's copies better, at any cost to the balance. Collects
  // in offers_ the slots that it could take without harm to the spread.
  void take_for_spread(std::uint32_t newcomer) {
    if (flat_) return offer_all();
    offers_.clear();
    offered_.assign(newcomer, 0);
    for (PartitionId p = 0; p < partitions_; ++p) {
      int costs[kReplicasLimit];
      const int best = exchange_costs(p, newcomer, costs);
      if (best < 0) {
        take(most_loaded(p, costs, best), newcomer);
        continue;
      }
      for (std::uint32_t i = 0; i < holders_.replicas; ++i) {
        if (costs[i] != 0) continue;
        offers_.push_back(slot(p, i));
        ++offered_[holders_.member[slot(p, i)]];
      }
    }
  }

  void offer_all() {
    offered_ = holders_.load;
    if (!offers_.empty()) return;
    for (std::uint32_t at = 0; at < holders_.member.size(); ++at) offers_.push_back(at);
  }

  // Takes the newcomer's fair share of offers_: the slots that rank it highest, while every donor stays near the
  // level.
  void take_for_balance(std::uint32_t newcomer) {
    const Level level = find_level(newcomer);
    if (level.newcomer_takes == 0) return;
    std::uint32_t due = 0;  // the copies that donors above their band must give
    for (std::uint32_t donor = 0; donor < newcomer; ++donor) {
      bands_[donor] = band_of(donor, level);
      if (offered_[donor] > 0) due += holders_.load[donor] - std::min(holders_.load[donor], bands_[donor].most);
    }
    candidates_.clear();
    for (const std::uint32_t at : offers_) {
      const std::uint32_t donor = holders_.member[at];
      if (holders_.load[donor] > bands_[donor].least) candidates_.push_back(suitability(at, newcomer));
    }
    taken_.assign(partitions_, 0);
    std::make_heap(candidates_.begin(), candidates_.end());
    for (std::uint32_t left = level.newcomer_takes; left > 0 && !candidates_.empty(); candidates_.pop_back()) {
      std::pop_heap(candidates_.begin(), candidates_.end());
      const auto at = static_cast<std::uint32_t>(candidates_.back() & kSlotMask);
      const std::uint32_t donor = holders_.member[at];
      const bool over = holders_.load[donor] > bands_[donor].most;
      if (taken_[at / holders_.replicas] || holders_.load[donor] <= bands_[donor].least) continue;
      if (!over && left <= due) continue;
      due -= over ? 1 : 0;
      --left;
      taken_[at / holders_.replicas] = 1;
      take(at, newcomer);
    }
  }

  // The range of loads that a member may have around its exact share.
  struct Band {
    std::uint32_t least = 0;
    std::uint32_t most = 0;
  };
  // The load for each unit of weight, copies / weight, at which the newcomer and the members above it meet.
  struct Level {
    std::uint64_t copies = 0;
    std::uint64_t weight = 0;
    std::uint32_t newcomer_takes = 0;
  };

  // The loads after the newcomer has taken copies one by one from the most loaded member. They have the least sum of
  // load^2 / weight.
  Level find_level(std::uint32_t newcomer) {
    level_ = holders_.load;
    donors_.clear();
    for (std::uint32_t m = 0; m < newcomer; ++m) {
      if (offered_[m] > 0) donors_.push_back(m);
    }
    const auto less_loaded = [this](std::uint32_t a, std::uint32_t b) { return compare_loads(level_, a, b) < 0; };
    std::ranges::make_heap(donors_, less_loaded);
    while (!donors_.empty()) {
      std::ranges::pop_heap(donors_, less_loaded);
      const std::uint32_t donor = donors_.back();
      const std::uint64_t cost = 2 * std::uint64_t{level_[newcomer]} + 1;
      if (gain(level_[donor]) * sites_.all[newcomer].weight <= cost * sites_.all[donor].weight) break;
      --level_[donor];
      ++level_[newcomer];
      if (holders_.load[donor] - level_[donor] == offered_[donor]) {
        donors_.pop_back();
      } else {
        std::ranges::push_heap(donors_, less_loaded);
      }
    }
    Level level{level_[newcomer], sites_.all[newcomer].weight, level_[newcomer] - holders_.load[newcomer]};
    for (std::uint32_t m = 0; m < newcomer; ++m) {
      if (level_[m] == holders_.load[m]) continue;
      level.copies += level_[m];
      level.weight += sites_.all[m].weight;
    }
    return level;
  }

  Band band_of(std::uint32_t member, const Level& level) const {
    const std::uint64_t share = level.copies * sites_.all[member].weight;  // in copies / level.weight
    const auto down = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::uint32_t>(a / b); };
    const auto up = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::uint32_t>((a + b - 1) / b); };
    return {std::min(down(share, level.weight), up(share * (kSlack - 1), level.weight * kSlack)),
            std::max(up(share, level.weight), down(share * (kSlack + 1), level.weight * kSlack))};
  }

  // One number: the amount by which the newcomer ranks higher for the partition than the holder, then the slot.
  std::uint64_t suitability(std::uint32_t at, std::uint32_t newcomer) const {
    const std::uint64_t to_newcomer = distance(sites_.all[newcomer], at / holders_.replicas);
    return (kDistanceMax + distance_[at] - to_newcomer) << kSlotBits | at;
  }
  // Rendezvous hashing with weights, in integers: the nearest nodes should hold the partition.
  static std::uint64_t distance(const Site& site, PartitionId p) {
    return (~score(site.id, p) >> (kSlotBits + 1)) / site.weight;
  }

  // Computes the spread cost of exchanging each holder of p for the newcomer. Returns the least one.
  int exchange_costs(PartitionId p, std::uint32_t newcomer, int* costs) const {
    const Site& in = sites_.all[newcomer];
    int best = spread_cost(63, 0, 0);
    for (std::uint32_t i = 0; i < holders_.replicas; ++i) {
      const Site& out = sites_.all[holders_.member[slot(p, i)]];
      int host = 0, rack = 0, datacenter = 0;
      for (std::uint32_t j = 0; j < holders_.replicas; ++j) {
        if (j == i) continue;
        const Site& other = sites_.all[holders_.member[slot(p, j)]];
        host += int{other.host == in.host} - int{other.host == out.host};
        rack += int{other.rack == in.rack} - int{other.rack == out.rack};
        datacenter += int{other.datacenter == in.datacenter} - int{other.datacenter == out.datacenter};
      }
      costs[i] = spread_cost(host, datacenter, rack);
      best = std::min(best, costs[i]);
    }
    return best;
  }

  std::uint32_t most_loaded(PartitionId p, const int* costs, int cost) const {
    std::uint32_t chosen = holders_.replicas;
    for (std::uint32_t i = 0; i < holders_.replicas; ++i) {
      if (costs[i] != cost) continue;
      if (chosen == holders_.replicas ||
          compare_loads(holders_.load, holders_.member[slot(p, i)], holders_.member[slot(p, chosen)]) > 0) {
        chosen = i;
      }
    }
    return slot(p, chosen);
  }

  // Compares by the gain of giving one copy away, in proportion to the weight.
  int compare_loads(const std::vector<std::uint32_t>& loads, std::uint32_t a, std::uint32_t b) const {
    const std::uint64_t gain_a = gain(loads[a]) * sites_.all[b].weight;
    const std::uint64_t gain_b = gain(loads[b]) * sites_.all[a].weight;
    if (gain_a != gain_b) return gain_a < gain_b ? -1 : 1;
    return a < b ? -1 : a == b ? 0 : 1;
  }
  static std::uint64_t gain(std::uint32_t load) { return load == 0 ? 0 : 2 * std::uint64_t{load} - 1; }

  void hold(std::uint32_t at, std::uint32_t member) {
    holders_.member[at] = member;
    distance_[at] = distance(sites_.all[member], at / holders_.replicas);
  }
  void take(std::uint32_t at, std::uint32_t newcomer) {
    --holders_.load[holders_.member[at]];
    ++holders_.load[newcomer];
    hold(at, newcomer);
  }
  std::uint32_t slot(PartitionId p, std::uint32_t i) const { return p * holders_.replicas + i; }

  static constexpr std::uint32_t kReplicasLimit = 16;
  static constexpr int kSlotBits = 20;  // 65,536 partitions x 16 replicas
  static constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;
  static constexpr std::uint64_t kDistanceMax = std::uint64_t{1} << (63 - kSlotBits);

  const Sites& sites_;
  const bool flat_;
  const std::uint32_t partitions_;
  Holders holders_;
  std::vector<std::uint64_t> distance_;    // by slot, of its holder
  std::vector<std::uint32_t> offers_;      // slots that the newcomer may take
  std::vector<std::uint32_t> offered_;     // how many of them, by holder
  std::vector<std::uint8_t> taken_;        // by partition
  std::vector<std::uint32_t> donors_;      // a heap
  std::vector<std::uint32_t> level_;       // loads, by member
  std::vector<Band> bands_;                // by member
  std::vector<std::uint64_t> candidates_;  // a heap
};

}  // namespace

Holders replay_joins(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas) {
  DKV_ASSERT(replicas >= 1 && replicas <= 16 && replicas <= sites.all.size());
  return Replay(sites, partitions, replicas).run();
}

}  // namespace dkv::placement
