// The spread of a partition's copies over hosts, data centres and racks.
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/placement.h"
#include "tests/core/clusters.h"

using namespace dkv;
using namespace dkv::test;

namespace {

struct Spread {
  std::size_t hosts = 0;
  std::map<std::string, int> datacenters;
  std::map<std::string, int> racks;
};

Spread spread_of(const std::vector<Member>& members, std::span<const NodeId> nodes) {
  Spread spread;
  std::set<std::string> hosts;
  for (const NodeId node : nodes) {
    const Member& member = *std::ranges::find(members, node, &Member::id);
    hosts.insert(member.host.empty() ? "own:" + std::to_string(node) : "host:" + member.host);
    ++spread.datacenters[member.datacenter];
    ++spread.racks[member.datacenter + "/" + member.rack];
  }
  spread.hosts = hosts.size();
  return spread;
}

int pairs(const std::map<std::string, int>& counts) {
  int sum = 0;
  for (const auto& [name, count] : counts) sum += count * (count - 1) / 2;
  return sum;
}

// The numbers of pairs of copies that share a host, a data centre, a rack. Lower is better, in this order.
std::tuple<int, int, int> cost(const std::vector<Member>& members, std::span<const NodeId> nodes) {
  std::map<std::string, int> hosts;
  for (const NodeId node : nodes) {
    const Member& member = *std::ranges::find(members, node, &Member::id);
    ++hosts[member.host.empty() ? "own:" + std::to_string(node) : "host:" + member.host];
  }
  const Spread spread = spread_of(members, nodes);
  return {pairs(hosts), pairs(spread.datacenters), pairs(spread.racks)};
}

// The best cost of any choice of `replicas` members, found by trying all.
std::tuple<int, int, int> best_cost(const std::vector<Member>& members, std::uint32_t replicas) {
  std::vector<bool> chosen(members.size());
  std::fill_n(chosen.begin(), replicas, true);
  auto best = std::tuple(1'000, 0, 0);
  do {
    std::vector<NodeId> nodes;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (chosen[i]) nodes.push_back(members[i].id);
    }
    best = std::min(best, cost(members, nodes));
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  return best;
}

}  // namespace

TEST_CASE("every partition is spread as well as any choice of members could be, for any labels") {
  REQUIRE(rc::check([] {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 10);
    const auto replicas = std::min(size, *rc::gen::inRange<std::uint32_t>(1, 5));
    std::vector<Member> members = members_of({size});
    for (Member& member : members) {
      // A host lies in one rack. Two data centres may have racks of the same name. Some hosts have no label.
      const auto host = *rc::gen::inRange<std::uint32_t>(0, 12);
      member.datacenter = std::string("d") + std::to_string(host % 3);
      member.rack = std::string("r") + std::to_string(host / 3 % 2);
      if (host < 9) member.host = std::string("h") + std::to_string(host);
      member.weight = *rc::gen::inRange<std::uint32_t>(1, 400);
    }
    const auto placement = place(members, 32, replicas);
    const auto best = best_cost(members, replicas);
    for (PartitionId p = 0; p < 32; ++p) RC_ASSERT(cost(members, placement->primaries(p)) == best);
  }));
}

TEST_CASE("two copies never share a host while there are enough hosts") {
  for (const std::uint32_t hosts : {3u, 4u, 7u}) {
    const std::vector<Member> members = members_of({hosts * 4, 0, 0, 4});
    const auto placement = place(members, 256, 3);
    for (PartitionId p = 0; p < 256; ++p) REQUIRE(spread_of(members, placement->primaries(p)).hosts == 3);
  }
}

TEST_CASE("three data centres hold one copy each, and the first fallbacks bring a second to each") {
  const std::vector<Member> members = members_of({12, 3, 2, 1});
  const auto placement = place(members, 256, 3);
  for (PartitionId p = 0; p < 256; ++p) {
    const auto list = placement->preference_list(p);
    REQUIRE(spread_of(members, list.first(3)).datacenters.size() == 3);
    const Spread six = spread_of(members, list.first(6));
    REQUIRE(std::ranges::all_of(six.datacenters, [](const auto& entry) { return entry.second == 2; }));
    REQUIRE(six.racks.size() == 6);
  }
}

TEST_CASE("two data centres hold two copies and one, in turn") {
  const std::vector<Member> members = members_of({10, 2, 0, 0});
  const auto placement = place(members, 1024, 3);
  int two_in_first = 0;
  for (PartitionId p = 0; p < 1024; ++p) {
    const Spread spread = spread_of(members, placement->primaries(p));
    REQUIRE(spread.datacenters.size() == 2);
    two_in_first += spread.datacenters.at("dc0") == 2 ? 1 : 0;
  }
  CHECK((two_in_first > 430 && two_in_first < 594));
}

TEST_CASE("fallbacks on hosts that hold a copy already come last") {
  const std::vector<Member> members = members_of({12, 0, 0, 2});
  const auto placement = place(members, 256, 3);
  for (PartitionId p = 0; p < 256; ++p) REQUIRE(spread_of(members, placement->preference_list(p).first(6)).hosts == 6);
}
