#include "engine/core/placement.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "engine/core/placement_parts.h"
#include "engine/core/quorum.h"

namespace dkv {
namespace {

Result<void> check_numbers(std::size_t members, std::uint32_t partitions, std::uint32_t replicas) {
  if (members == 0) return fail("a cluster needs at least one member");
  if (members > kMembersMax) {
    return fail(std::to_string(members) + " members are more than " + std::to_string(kMembersMax));
  }
  if (!std::has_single_bit(partitions) || partitions > kPartitionsMax) {
    return fail("the number of partitions is " + std::to_string(partitions) + ", but must be a power of two up to " +
                std::to_string(kPartitionsMax));
  }
  if (std::uint64_t{partitions} * members > kListEntriesMax) {
    return fail(std::to_string(partitions) + " partitions are too many for " + std::to_string(members) +
                " members: at most " + std::to_string(std::bit_floor(kListEntriesMax / members)));
  }
  if (replicas == 0 || replicas > kReplicasMax) {
    return fail("the number of replicas is " + std::to_string(replicas) + ", but must be 1 to " +
                std::to_string(kReplicasMax));
  }
  return {};
}

std::string describe(const Member& member) {
  return member.name.empty() ? "member " + std::to_string(member.id) : "member '" + member.name + "'";
}

// members: ascending by id.
Result<void> check_members(std::span<const Member> members) {
  std::set<std::string_view> names;
  std::map<std::string_view, const Member*> first_on_host;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    if (member.id == kNoNode) return fail(describe(member) + " has no id");
    if (i > 0 && members[i - 1].id == member.id) return fail("the id " + std::to_string(member.id) + " occurs twice");
    if (!member.name.empty() && !names.insert(member.name).second) {
      return fail("the name '" + member.name + "' occurs twice");
    }
    if (member.weight == 0 || member.weight > kWeightMax) {
      return fail("the weight of " + describe(member) + " is " + std::to_string(member.weight) + ", but must be 1 to " +
                  std::to_string(kWeightMax));
    }
    if (member.host.empty()) continue;
    const Member& first = *first_on_host.emplace(member.host, &member).first->second;
    if (std::tie(first.rack, first.datacenter) != std::tie(member.rack, member.datacenter)) {
      return fail("the host '" + member.host + "' is in two racks: that of " + describe(first) + " and that of " +
                  describe(member));
    }
  }
  return {};
}

placement::Sites number_sites(std::span<const Member> members) {
  using RackName = std::pair<std::string_view, std::string_view>;  // racks of two data centres may share a name
  std::map<std::string_view, std::uint32_t> hosts;
  std::map<RackName, std::uint32_t> racks;
  std::map<std::string_view, std::uint32_t> datacenters;
  const auto number = [](auto& table, const auto& name) {
    return table.emplace(name, static_cast<std::uint32_t>(table.size())).first->second;
  };
  placement::Sites sites;
  sites.all.reserve(members.size());
  std::uint32_t own_hosts = 0;
  for (const Member& member : members) {
    placement::Site site{member.id, member.weight};
    if (!member.host.empty()) site.host = number(hosts, std::string_view(member.host));
    site.rack = number(racks, RackName(member.datacenter, member.rack));
    site.datacenter = number(datacenters, std::string_view(member.datacenter));
    sites.all.push_back(site);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].host.empty()) sites.all[i].host = static_cast<std::uint32_t>(hosts.size()) + own_hosts++;
  }
  sites.hosts = static_cast<std::uint32_t>(hosts.size()) + own_hosts;
  sites.racks = static_cast<std::uint32_t>(racks.size());
  sites.datacenters = static_cast<std::uint32_t>(datacenters.size());
  return sites;
}

}  // namespace

Result<std::shared_ptr<const Placement>> Placement::make(std::span<const Member> members, std::uint32_t partitions,
                                                         std::uint32_t replicas) {
  if (auto checked = check_numbers(members.size(), partitions, replicas); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  std::shared_ptr<Placement> result(new Placement);
  result->members_.assign(members.begin(), members.end());
  std::ranges::sort(result->members_, {}, &Member::id);
  if (auto checked = check_members(result->members_); !checked) return tl::unexpected(std::move(checked.error()));

  const placement::Sites sites = number_sites(result->members_);
  result->partitions_ = partitions;
  result->replicas_ = std::min(replicas, static_cast<std::uint32_t>(members.size()));
  const placement::Holders holders = placement::replay_joins(sites, partitions, result->replicas_);
  const std::vector<std::uint32_t> leaders = placement::choose_leaders(sites, holders);
  result->lists_ = placement::order_lists(sites, holders, leaders);

  result->holdings_.resize(members.size());
  for (std::size_t m = 0; m < members.size(); ++m) result->holdings_[m].reserve(holders.load[m]);
  for (PartitionId p = 0; p < partitions; ++p) {
    for (const std::uint32_t m : holders.of(p)) result->holdings_[m].push_back(p);
  }
  return std::shared_ptr<const Placement>(std::move(result));
}

std::span<const NodeId> Placement::preference_list(PartitionId partition) const noexcept {
  DKV_ASSERT(partition < partitions_);
  return {lists_.data() + std::size_t{partition} * members_.size(), members_.size()};
}

bool Placement::is_primary(PartitionId partition, NodeId node) const noexcept {
  return std::ranges::find(primaries(partition), node) != primaries(partition).end();
}

std::span<const PartitionId> Placement::partitions_of(NodeId node) const noexcept {
  const auto place = std::ranges::lower_bound(members_, node, {}, &Member::id);
  if (place == members_.end() || place->id != node) return {};
  return holdings_[static_cast<std::size_t>(place - members_.begin())];
}

}  // namespace dkv
