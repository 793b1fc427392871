#include "engine/settings/agreement.h"

#include "tests/catch.h"

namespace dkv {
namespace {

using Catch::Matchers::Contains;

std::vector<Member> three() {
  return {{.id = 0, .name = "n1"}, {.id = 1, .name = "n2", .rack = "r1"}, {.id = 2, .name = "n3", .weight = 50}};
}

Agreement agreement(const NodeConfig& node = {}, const std::vector<Member>& members = three()) {
  return cluster_agreement(members, QuorumSettings(), node);
}

// The one setting that differs, as "name: here, there".
std::string only_difference(const NodeConfig& node) {
  const auto differ = differences(agreement(), agreement(node));
  REQUIRE(differ.size() == 1);
  CHECK(digest_of(agreement()) != digest_of(agreement(node)));
  return differ[0].name + ": " + differ[0].here + ", " + differ[0].there;
}

}  // namespace

TEST_CASE("nodes with the same settings agree") {
  CHECK(differences(agreement(), agreement()).empty());
  CHECK(digest_of(agreement()) == digest_of(agreement()));
}

TEST_CASE("each setting that must agree is named with both values") {
  NodeConfig node;
  node.policy = ConflictPolicy::kLastWriteWins;
  CHECK(only_difference(node) == "conflicts: siblings, lww");
  node = {};
  node.siblings_max = 7;
  CHECK_THAT(only_difference(node), Contains("siblings_max: ") && Contains(", 7"));
  node = {};
  node.reap_every_ns = 0;
  CHECK(only_difference(node) == "reap_every: 5s, never");
  node = {};
  node.storage.sync = SyncPolicy::kNever;
  CHECK(only_difference(node) == "storage.sync: always, never");
  node = {};
  node.buckets["carts"].ttl_ns = 30 * kSecond;
  CHECK(only_difference(node) == "bucket carts: ttl: (none), 30s");
  node = {};
  node.buckets["carts"].conflicts = ConflictPolicy::kLastWriteWins;
  CHECK(only_difference(node) == "bucket carts: conflicts: (none), lww");
}

TEST_CASE("the layout holds n, the partitions and each member with its number") {
  QuorumSettings other;
  other.replicas = 2;
  other.partitions = 128;
  CHECK(describe(differences(layout_agreement(three(), QuorumSettings()), layout_agreement(three(), other))) ==
        "n is 3 here and 2 there; partitions is 64 here and 128 there");
  auto members = three();
  members[1].rack = "r2";
  CHECK(describe(differences(agreement(), agreement({}, members))) ==
        "member n2 is number 1, weight 100, rack r1 here and number 1, weight 100, rack r2 there");
  members = three();
  std::swap(members[0].name, members[1].name);
  CHECK(differences(agreement(), agreement({}, members)).size() == 2);
  members = three();
  members.pop_back();
  CHECK_THAT(describe(differences(agreement(), agreement({}, members))), Contains("member n3") && Contains("(none)"));
}

TEST_CASE("settings that do not matter to others may differ") {
  NodeConfig node;
  node.operations_max = 5;
  node.hints_max = 5;
  node.anti_entropy_every_ns = 0;
  CHECK(differences(agreement(), agreement(node)).empty());
}

TEST_CASE("an agreement comes out as it went in, and bytes that are none are refused") {
  NodeConfig node;
  node.buckets["a = b\n"].ttl_ns = kSecond;
  const std::string bytes = encode_agreement(agreement(node));
  CHECK(decode_agreement(bytes) == agreement(node));
  for (std::size_t size = 1; size < bytes.size(); size += 7) {
    const auto cut = decode_agreement(std::string_view(bytes).substr(0, size));
    CHECK((!cut || cut->size() < agreement(node).size()));
  }
  CHECK_FALSE(decode_agreement(std::string(5, '\xff')));
  CHECK_FALSE(decode_agreement(std::string(kAgreementBytesMax + 1, '\0')));
}

TEST_CASE("an agreement that is too long for a hello keeps its first settings, and the others count as one") {
  NodeConfig one, other;
  for (int i = 0; i < 1000; ++i) one.buckets["bucket" + std::string(100, 'x') + std::to_string(i)].ttl_ns = kSecond;
  other = one;
  other.buckets.rbegin()->second.ttl_ns = 2 * kSecond;
  const std::string bytes = encode_agreement(agreement(one));
  CHECK(bytes.size() <= kAgreementBytesMax);
  const auto here = decode_agreement(bytes), there = decode_agreement(encode_agreement(agreement(other)));
  REQUIRE((here && there));
  const auto differ = differences(*here, *there);
  REQUIRE(differ.size() == 1);
  CHECK(differ[0].name == "others");
}

}  // namespace dkv
