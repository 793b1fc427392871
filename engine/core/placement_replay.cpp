#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/placement_parts.h"

namespace dkv::placement {
namespace {

// How much worse one set of holders is spread than another, most important first: pairs on one host, pairs in one data
// centre, pairs in one rack. Fewest pairs in a domain = copies spread as evenly as its size allows. Each count stays
// below 64, so one integer compares all three.
constexpr int spread_cost(int host_pairs, int datacenter_pairs, int rack_pairs) {
  return (host_pairs * 64 + datacenter_pairs) * 64 + rack_pairs;
}

// Adding one member to the set to choose from changes a best-spread set in at most one element: the number of pairs in
// nested domains is an M-convex function (Murota, "Discrete Convex Analysis", 2003). So exchanges of one holder for the
// newcomer keep every partition spread as well as the members allow, and nothing else ever needs to move.
class Replay {
 public:
  Replay(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas)
      : sites_(sites), flat_(sites.flat()), partitions_(partitions), offers_(sites.all.size()) {
    holders_.replicas = replicas;
    holders_.member.resize(std::size_t{partitions} * replicas);
    holders_.load.resize(sites.all.size());
  }

  Holders run() && {
    for (std::uint32_t member = 0; member < sites_.all.size(); ++member) {
      if (member < holders_.replicas) {
        hold_all(member);
      } else {
        tie_seed_ = sites_.all[member].id;
        take_for_spread(member);
        take_for_balance(member);
      }
    }
    return std::move(holders_);
  }

 private:
  void hold_all(std::uint32_t member) {
    for (PartitionId p = 0; p < partitions_; ++p) holders_.member[slot(p, member)] = member;
    holders_.load[member] = partitions_;
  }

  // Takes what spreads a partition's copies better, whatever that means for the balance; collects in offers_, by
  // holder, what the newcomer could take without harm to the spread, in the newcomer's own order of the partitions.
  void take_for_spread(std::uint32_t newcomer) {
    for (auto& offers : offers_) offers.clear();
    order_.clear();
    for (PartitionId p = 0; p < partitions_; ++p) order_.push_back(score(sites_.all[newcomer].id, p) | p);
    std::ranges::sort(order_);
    for (const std::uint64_t entry : order_) {
      const auto p = static_cast<PartitionId>(entry & 0xffff);
      if (flat_) {
        for (std::uint32_t i = 0; i < holders_.replicas; ++i) offer(slot(p, i));
        continue;
      }
      int costs[kReplicasLimit];
      const int best = exchange_costs(p, newcomer, costs);
      if (best < 0) {
        take(most_loaded(p, costs, best), newcomer);
        continue;
      }
      for (std::uint32_t i = 0; i < holders_.replicas; ++i) {
        if (costs[i] == 0) offer(slot(p, i));
      }
    }
  }

  // Takes from the most loaded holder for as long as that lessens the sum of load^2 / weight.
  void take_for_balance(std::uint32_t newcomer) {
    const auto less_loaded = [this](std::uint32_t a, std::uint32_t b) { return compare_loads(a, b) < 0; };
    donors_.clear();
    next_offer_.assign(sites_.all.size(), 0);
    taken_.assign(partitions_, 0);
    for (std::uint32_t m = 0; m < newcomer; ++m) {
      if (!offers_[m].empty()) donors_.push_back(m);
    }
    std::ranges::make_heap(donors_, less_loaded);
    while (!donors_.empty()) {
      std::ranges::pop_heap(donors_, less_loaded);
      const std::uint32_t donor = donors_.back();
      if (!worth_taking(donor, newcomer)) return;
      std::uint32_t& next = next_offer_[donor];
      const auto& offers = offers_[donor];
      while (next < offers.size() && taken_[offers[next] / holders_.replicas]) ++next;
      if (next == offers.size()) {
        donors_.pop_back();
        continue;
      }
      taken_[offers[next] / holders_.replicas] = 1;
      take(offers[next++], newcomer);
      std::ranges::push_heap(donors_, less_loaded);
    }
  }

  // What the exchange of each holder of p for the newcomer adds to the spread's cost; answers with the least.
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
          compare_loads(holders_.member[slot(p, i)], holders_.member[slot(p, chosen)]) > 0) {
        chosen = i;
      }
    }
    return slot(p, chosen);
  }

  // By the gain of giving one replica away; members with the same gain in an order that each newcomer shuffles.
  int compare_loads(std::uint32_t a, std::uint32_t b) const {
    const std::uint64_t gain_a = gain(a) * sites_.all[b].weight;
    const std::uint64_t gain_b = gain(b) * sites_.all[a].weight;
    if (gain_a != gain_b) return gain_a < gain_b ? -1 : 1;
    const std::uint64_t tie_a = score(tie_seed_, ~std::uint64_t{sites_.all[a].id});
    const std::uint64_t tie_b = score(tie_seed_, ~std::uint64_t{sites_.all[b].id});
    if (tie_a != tie_b) return tie_a < tie_b ? -1 : 1;
    return a < b ? -1 : a == b ? 0 : 1;
  }
  std::uint64_t gain(std::uint32_t m) const { return holders_.load[m] == 0 ? 0 : 2 * holders_.load[m] - 1; }
  bool worth_taking(std::uint32_t donor, std::uint32_t newcomer) const {
    const std::uint64_t cost = 2 * std::uint64_t{holders_.load[newcomer]} + 1;
    return gain(donor) * sites_.all[newcomer].weight > cost * sites_.all[donor].weight;
  }

  void offer(std::uint32_t at) { offers_[holders_.member[at]].push_back(at); }
  void take(std::uint32_t at, std::uint32_t newcomer) {
    --holders_.load[holders_.member[at]];
    ++holders_.load[newcomer];
    holders_.member[at] = newcomer;
  }
  std::uint32_t slot(PartitionId p, std::uint32_t i) const { return p * holders_.replicas + i; }

  static constexpr std::uint32_t kReplicasLimit = 16;

  const Sites& sites_;
  const bool flat_;
  const std::uint32_t partitions_;
  Holders holders_;
  NodeId tie_seed_ = 0;
  std::vector<std::uint64_t> order_;                // partitions, by the newcomer's score
  std::vector<std::vector<std::uint32_t>> offers_;  // slots, by holder
  std::vector<std::uint32_t> next_offer_;           // by holder
  std::vector<std::uint8_t> taken_;                 // by partition
  std::vector<std::uint32_t> donors_;               // a heap
};

}  // namespace

Holders replay_joins(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas) {
  DKV_ASSERT(replicas >= 1 && replicas <= 16 && replicas <= sites.all.size());
  return Replay(sites, partitions, replicas).run();
}

}  // namespace dkv::placement
