#include "engine/core/placement.h"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/hash.h"
#include "tests/core/clusters.h"

using namespace dkv;
using namespace dkv::test;

namespace {

std::string why(const std::vector<Member>& members, std::uint32_t partitions = 256, std::uint32_t replicas = 3) {
  const auto placement = Placement::make(members, partitions, replicas);
  return placement ? "accepted" : placement.error().what;
}

// The same members give the same lists, in whichever order they are listed.
std::uint64_t fingerprint(const Placement& placement) {
  std::uint64_t hash = 0;
  for (PartitionId p = 0; p < placement.partitions(); ++p) {
    for (const NodeId node : placement.preference_list(p)) hash = hash_combine(hash, node);
  }
  return hash;
}

std::map<NodeId, std::uint32_t> lists_led(const Placement& placement) {
  std::map<NodeId, std::uint32_t> led;
  for (PartitionId p = 0; p < placement.partitions(); ++p) ++led[placement.preference_list(p)[0]];
  return led;
}

}  // namespace

TEST_CASE("every list names every member once, and the holdings say the same as the primaries") {
  for (const Shape& shape : {Shape{1}, Shape{2}, Shape{3}, Shape{7}, Shape{12, 3, 2, 1}, Shape{20, 2, 0, 3}}) {
    const auto placement = place(members_of(shape), 64, 3);
    REQUIRE(placement->replicas() == std::min(3u, shape.size));
    std::map<NodeId, std::vector<PartitionId>> holdings;
    for (PartitionId p = 0; p < 64; ++p) {
      const auto list = placement->preference_list(p);
      REQUIRE(std::set<NodeId>(list.begin(), list.end()).size() == shape.size);
      for (const NodeId node : placement->primaries(p)) holdings[node].push_back(p);
      for (std::size_t i = 0; i < list.size(); ++i) {
        REQUIRE(placement->is_primary(p, list[i]) == (i < placement->replicas()));
      }
    }
    for (const Member& member : placement->members()) {
      REQUIRE(std::ranges::equal(placement->partitions_of(member.id), holdings[member.id]));
    }
  }
}

TEST_CASE("with fewer members than replicas every member holds every partition") {
  const auto placement = place_flat(2, 256, 5);
  CHECK(placement->replicas() == 2);
  CHECK(load(*placement, 0) == 256);
  CHECK(load(*placement, 1) == 256);
}

TEST_CASE("placement depends on the set of members, not on their order, names or earlier calls") {
  REQUIRE(rc::check([] {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 12);
    std::vector<Member> members = members_of({size, 2, 2, 0});
    const std::uint64_t expected = fingerprint(*place(members, 32, 3));
    std::ranges::sort(members, {}, [](const Member& m) { return mix64(m.id + 77); });
    for (Member& member : members) member.name += "-renamed";
    RC_ASSERT(fingerprint(*place(members, 32, 3)) == expected);
  }));
}

TEST_CASE("placement never changes between builds, or an upgrade would move data") {
  CHECK(fingerprint(*place_flat(7, 256)) == 0x9ac3f03498d08122ULL);
  std::vector<Member> members = members_of({24, 3, 2, 2});
  for (Member& member : members) member.weight = 50 + 25 * (member.id % 4);
  CHECK(fingerprint(*place(members, 256, 3)) == 0xbebc90949b5cf2a2ULL);
}

TEST_CASE("members that cannot be placed are refused with the reason") {
  std::vector<Member> members = members_of({3});
  CHECK(why({}) == "a cluster needs at least one member");
  CHECK(why(members, 100) == "the number of partitions is 100, but must be a power of two up to 65536");
  CHECK(why(members, 0) == "the number of partitions is 0, but must be a power of two up to 65536");
  CHECK(why(members, 131072) == "the number of partitions is 131072, but must be a power of two up to 65536");
  CHECK(why(members, 256, 0) == "the number of replicas is 0, but must be 1 to 16");
  CHECK(why(members, 256, 17) == "the number of replicas is 17, but must be 1 to 16");
  CHECK(why(members_of({1025})) == "1025 members are more than 1024");
  CHECK(why(members_of({1000}), 65536) == "65536 partitions are too many for 1000 members: at most 16384");
  members[2].id = 1;
  CHECK(why(members) == "the id 1 occurs twice");
  members[2].id = kNoNode;
  CHECK(why(members) == "member 'n2' has no id");
  members[2].id = 2;
  members[2].name = "n0";
  CHECK(why(members) == "the name 'n0' occurs twice");
  members[2].name = "n2";
  members[2].weight = 0;
  CHECK(why(members) == "the weight of member 'n2' is 0, but must be 1 to 10000");
  members[2].weight = 10001;
  CHECK(why(members) == "the weight of member 'n2' is 10001, but must be 1 to 10000");
  members[2].weight = 10000;
  CHECK(why(members) == "accepted");
}

TEST_CASE("a host in two racks is refused") {
  std::vector<Member> members = members_of({3});
  members[0].host = members[2].host = "h";
  CHECK(why(members) == "accepted");
  members[2].rack = "r2";
  CHECK(why(members) == "the host 'h' is in two racks: that of member 'n0' and that of member 'n2'");
}

TEST_CASE("no member leads more lists than its share of its partitions") {
  for (const std::uint32_t size : {1u, 2u, 3u, 5u, 16u, 40u, 100u}) {
    const auto placement = place_flat(size, 1024);
    for (const auto& [node, led] : lists_led(*placement)) {
      REQUIRE(led <= (load(*placement, node) + placement->replicas() - 1) / placement->replicas());
    }
  }
  const auto spread = place(members_of({11, 3, 2, 0}), 256, 3);
  for (const auto& [node, led] : lists_led(*spread)) REQUIRE(led <= (load(*spread, node) + 2) / 3);
}

TEST_CASE("each other member is the first fallback about as often") {
  const auto placement = place_flat(10, 1024);
  std::map<NodeId, int> first;
  for (PartitionId p = 0; p < 1024; ++p) ++first[placement->preference_list(p)[3]];
  REQUIRE(first.size() == 10);
  for (const auto& [node, times] : first) CHECK((times > 60 && times < 150));  // 102 expected, s = 10
}

TEST_CASE("a hash falls into the partition whose arc it lies in") {
  CHECK(partition_of(0, 256) == 0);
  CHECK(partition_of(~std::uint64_t{0}, 256) == 255);
  CHECK(partition_of(std::uint64_t{1} << 56, 256) == 1);
  CHECK(partition_of((std::uint64_t{1} << 56) - 1, 256) == 0);
  CHECK(partition_of(~std::uint64_t{0}, 1) == 0);
  CHECK(place_flat(3, 16)->partition(std::uint64_t{15} << 60) == 15);
}

TEST_CASE("a member that is not there holds nothing") {
  const auto placement = place_flat(3, 16);
  CHECK(placement->partitions_of(99).empty());
  CHECK_FALSE(placement->is_primary(0, 99));
}
