// The load of each member, and the moves when a member comes or goes. placement.h promises these numbers.
#include <algorithm>

#include "engine/core/placement.h"
#include "tests/core/clusters.h"

using namespace dkv;
using namespace dkv::test;

namespace {

struct Removal {
  double mean = 0;  // moved / held, over all members
  double worst = 0;
};

// every: removes only each every-th member.
Removal removals(const std::vector<Member>& members, std::uint32_t partitions, std::size_t every = 1) {
  const auto before = place(members, partitions, 3);
  Removal result;
  int tried = 0;
  for (std::size_t i = 0; i < members.size(); i += every, ++tried) {
    std::vector<Member> rest = members;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    const auto after = place(rest, partitions, 3);
    const double ratio = double(moved(*before, *after)) / load(*before, members[i].id);
    result.mean += ratio;
    result.worst = std::max(result.worst, ratio);
  }
  result.mean /= tried;
  return result;
}

}  // namespace

TEST_CASE("equal members of 3 to 100 hold at most 1.05 of the mean, and a join moves nothing between old members") {
  double worst = 0;
  auto before = place_flat(3);
  for (std::uint32_t size = 3; size <= 100; ++size) {
    const double mean = 3 * 1024.0 / size;
    INFO(size << " members, mean " << mean << ", highest " << highest_load(*before));
    worst = std::max(worst, highest_load(*before) / mean);
    REQUIRE(highest_load(*before) <= 1.05 * mean);
    auto after = place_flat(size + 1);
    // Only the replicas of the newcomer have moved, and they are at most its fair share plus the tolerance.
    REQUIRE(moved(*before, *after) == load(*after, size));
    REQUIRE(load(*after, size) <= 1.05 * 3 * 1024 / (size + 1));
    before = std::move(after);
  }
  CHECK(worst < 1.05);
  CHECK(worst > 1.0);
}

TEST_CASE("a join moves nothing between old members in labelled and weighted clusters either") {
  for (const Shape& shape : {Shape{16, 3, 2, 1}, Shape{16, 2, 0, 0}, Shape{18, 0, 0, 3}, Shape{16, 0, 3, 0}}) {
    std::vector<Member> members = members_of(shape);
    for (Member& member : members) member.weight = 100 * (1 + member.id % 3);
    for (std::uint32_t size = 3; size < shape.size; ++size) {
      const std::vector<Member> old(members.begin(), members.begin() + size);
      const std::vector<Member> grown(members.begin(), members.begin() + size + 1);
      const auto before = place(old, 256, 3);
      const auto after = place(grown, 256, 3);
      REQUIRE(moved(*before, *after) == load(*after, size));
    }
  }
}

TEST_CASE("members hold their shares by weight, within 5 per cent") {
  std::vector<Member> members = members_of({20});
  double total = 0;
  for (Member& member : members) total += member.weight = 100 * (1 + member.id % 4);
  const auto placement = place(members, 1024, 3);
  for (const Member& member : members) {
    const double share = 3 * 1024 * member.weight / total;
    INFO("member " << member.id << " holds " << load(*placement, member.id) << " of " << share);
    CHECK(load(*placement, member.id) <= 1.05 * share);
    CHECK(load(*placement, member.id) >= 0.95 * share);
  }
}

TEST_CASE("a member of a weight beyond measure holds every partition once, the others share the rest") {
  std::vector<Member> members = members_of({6});
  members[4].weight = 10'000;
  const auto placement = place(members, 256, 3);
  CHECK(load(*placement, 4) == 256);
  for (const NodeId node : {0, 1, 2, 3, 5}) CHECK(std::abs(int(load(*placement, node)) - 512 / 5) <= 12);
}

TEST_CASE("labels that can be balanced are balanced") {
  for (const Shape& shape : {Shape{12, 3, 2, 1}, Shape{12, 0, 3, 0}, Shape{24, 0, 0, 4}, Shape{20, 2, 0, 0}}) {
    const auto placement = place(members_of(shape), 1024, 3);
    const double mean = 3 * 1024.0 / shape.size;
    INFO(shape.size << " members, mean " << mean << ", highest " << highest_load(*placement));
    CHECK(highest_load(*placement) <= 1.05 * mean);
  }
}

TEST_CASE("spread takes precedence over balance: a data centre of one member holds every partition") {
  std::vector<Member> members = members_of({7});
  for (Member& member : members) member.datacenter = member.id < 3 ? "a" : member.id < 6 ? "b" : "c";
  const auto placement = place(members, 1024, 3);
  CHECK(load(*placement, 6) == 1024);
  for (NodeId node = 0; node < 6; ++node) CHECK(load(*placement, node) <= 1.05 * 1024 / 3);
}

TEST_CASE("removing a member moves little more than it held while members hold many partitions") {
  const Removal five = removals(members_of({5}), 1024);
  INFO("5 members: mean " << five.mean << ", worst " << five.worst);
  CHECK(five.worst <= 1.05);
  const Removal ten = removals(members_of({10}), 1024);
  INFO("10 members: mean " << ten.mean << ", worst " << ten.worst);
  CHECK(ten.worst <= 1.25);
  const Removal twenty = removals(members_of({20}), 1024, 3);
  INFO("20 members: mean " << twenty.mean << ", worst " << twenty.worst);
  CHECK(twenty.mean <= 1.5);
  const Removal racks = removals(members_of({9, 3, 0, 0}), 1024);
  INFO("9 members in 3 data centres: mean " << racks.mean << ", worst " << racks.worst);
  CHECK(racks.mean <= 1.5);
  CHECK(racks.worst <= 2.5);
}

TEST_CASE("removing the latest member moves exactly its partitions") {
  for (const std::uint32_t size : {4u, 9u, 33u}) {
    const auto before = place_flat(size, 512);
    const auto after = place_flat(size - 1, 512);
    REQUIRE(moved(*before, *after) == load(*before, size - 1));
  }
}
