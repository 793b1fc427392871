#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/core/placement_parts.h"

namespace dkv::placement {
namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;

// Chooses a leader for each partition among its holders, at most ceil(load / replicas) for each member, by augmenting
// paths. This always succeeds: a share of 1/replicas of every holding is a fractional flow, so an integral one exists.
class Leaders {
 public:
  Leaders(const Sites& sites, const Holders& holders)
      : sites_(sites), holders_(holders), led_(sites.all.size()), via_(sites.all.size()) {
    leader_.assign(holders.member.size() / holders.replicas, kNobody);
  }

  std::vector<std::uint32_t> run() && {
    for (PartitionId p = 0; p < leader_.size(); ++p) seat(p);
    return std::move(leader_);
  }

 private:
  bool has_room(std::uint32_t member) const {
    return led_[member].size() < (holders_.load[member] + holders_.replicas - 1) / holders_.replicas;
  }

  void seat(PartitionId partition) {
    std::ranges::fill(via_, kNobody);
    queue_.clear();
    reach(partition);
    // While a holder has room, the order of the partition decides. Longer paths are tried only when no holder has room.
    std::ranges::sort(queue_, [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(score(sites_.all[a].id, partition), a) > std::pair(score(sites_.all[b].id, partition), b);
    });
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const std::uint32_t member = queue_[i];
      if (has_room(member)) return shift_along(member);
      for (const PartitionId led : led_[member]) reach(led);
    }
    DKV_ASSERT(!"some holder has room");
  }

  void reach(PartitionId partition) {
    for (const std::uint32_t member : holders_.of(partition)) {
      if (via_[member] != kNobody) continue;
      via_[member] = partition;
      queue_.push_back(member);
    }
  }

  // Gives `member` the partition through which it was reached, then the former leader of that partition the next one,
  // and so on.
  void shift_along(std::uint32_t member) {
    while (member != kNobody) {
      const PartitionId partition = via_[member];
      const std::uint32_t before = std::exchange(leader_[partition], member);
      led_[member].push_back(partition);
      if (before != kNobody) std::erase(led_[before], partition);
      member = before;
    }
  }

  const Sites& sites_;
  const Holders& holders_;
  std::vector<std::uint32_t> leader_;          // by partition
  std::vector<std::vector<PartitionId>> led_;  // by member
  std::vector<PartitionId> via_;               // by member: the partition that it would get; kNobody: not reached
  std::vector<std::uint32_t> queue_;
};

// Writes the lists of the partitions, one after the other.
class Lists {
 public:
  Lists(const Sites& sites, const Holders& holders)
      : sites_(sites), holders_(holders), keys_(sites.all.size()), order_(sites.all.size()), rank_(sites.all.size()) {}

  void write(PartitionId partition, std::uint32_t leader, NodeId* out) {
    by_score(partition, leader);
    if (!sites_.flat()) by_spread();
    for (const std::uint32_t member : order_) *out++ = sites_.all[member].id;
  }

 private:
  // Orders the leader first, then the other primaries, then the rest.
  void by_score(PartitionId partition, std::uint32_t leader) {
    const std::size_t members = sites_.all.size();
    for (std::uint32_t m = 0; m < members; ++m) keys_[m] = (score(sites_.all[m].id, partition) >> 2) | m;
    for (const std::uint32_t m : holders_.of(partition)) keys_[m] |= std::uint64_t{m == leader ? 3u : 2u} << 62;
    sort_keys_descending();
  }

  // Moves members forward, behind the primaries, when their host, data centre and rack have fewer copies before them.
  void by_spread() {
    rerank(sites_.hosts, [&](std::uint32_t m) { return sites_.all[m].host; }, [](std::uint32_t) { return 0u; });
    host_rank_ = rank_;
    const auto host_rank = [&](std::uint32_t m) { return host_rank_[m]; };
    rerank(sites_.racks, [&](std::uint32_t m) { return sites_.all[m].rack; }, host_rank);
    rerank(sites_.datacenters, [&](std::uint32_t m) { return sites_.all[m].datacenter; }, host_rank);
  }

  // Numbers the members of each domain in the present order, then orders the members behind the primaries by (tier,
  // number, present order).
  template <typename DomainOf, typename TierOf>
  void rerank(std::uint32_t domains, DomainOf domain_of, TierOf tier_of) {
    counts_.assign(domains, 0);
    for (const std::uint32_t m : order_) rank_[m] = counts_[domain_of(m)]++;
    keys_.clear();
    for (std::uint32_t place = 0; place < order_.size(); ++place) {
      const std::uint32_t m = order_[place];
      const bool primary = place < holders_.replicas;
      const std::uint64_t major = primary ? 0 : (std::uint64_t{tier_of(m)} << 16 | rank_[m]) + 1;
      keys_.push_back(~(major << 32 | place << 16 | m));
    }
    std::sort(keys_.begin(), keys_.end(), std::greater<>());
    for (std::size_t i = 0; i < keys_.size(); ++i) order_[i] = static_cast<std::uint32_t>(~keys_[i] & 0xffff);
  }

  void sort_keys_descending() {
    std::sort(keys_.begin(), keys_.end(), std::greater<>());
    for (std::size_t i = 0; i < keys_.size(); ++i) order_[i] = static_cast<std::uint32_t>(keys_[i] & 0x3fff);
  }

  const Sites& sites_;
  const Holders& holders_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> order_;      // members
  std::vector<std::uint32_t> rank_;       // by member, within its domain
  std::vector<std::uint32_t> host_rank_;  // by member
  std::vector<std::uint32_t> counts_;     // by domain
};

}  // namespace

std::vector<std::uint32_t> choose_leaders(const Sites& sites, const Holders& holders) {
  return Leaders(sites, holders).run();
}

std::vector<NodeId> order_lists(const Sites& sites, const Holders& holders, std::span<const std::uint32_t> leaders) {
  const std::size_t members = sites.all.size();
  std::vector<NodeId> lists(leaders.size() * members);
  Lists writer(sites, holders);
  for (PartitionId p = 0; p < leaders.size(); ++p) writer.write(p, leaders[p], lists.data() + p * members);
  return lists;
}

}  // namespace dkv::placement
