#include "sim/draw/swarm.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/quorum.h"
#include "sim/draw/fault_schedule.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/load.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

constexpr std::uint64_t kSeeds = 2'000;

TEST_CASE("every scenario of the swarm is valid") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario drawn = draw_swarm(seed);
    const ClusterSpec& cluster = drawn.cluster;
    REQUIRE(drawn.run_ns == 20 * kSecond);
    REQUIRE(drawn.workload.rate_per_s == 200);
    REQUIRE(drawn.seed == seed);
    auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
    REQUIRE(placement.has_value());
    REQUIRE(cluster.replicas <= cluster.members.size());
    REQUIRE(QuorumSpec{cluster.replicas, cluster.read_need, cluster.read_primary, cluster.mode}.check().has_value());
    REQUIRE(QuorumSpec{cluster.replicas, cluster.write_need, cluster.write_primary, cluster.mode}.check().has_value());
    for (const Member& member : cluster.members) {
      NodeConfig config = cluster.node;
      config.id = member.id;
      config.placement = *placement;
      REQUIRE(config.check().has_value());
    }
    REQUIRE(cluster.node.anti_entropy_every_ns > 0);
    REQUIRE(cluster.request_timeout_ns >= kMillisecond);
    REQUIRE(drawn.workload.clients > 0);
    REQUIRE(drawn.workload.keys > 0);
    const Mix& mix = drawn.workload.mix;
    REQUIRE(mix.get > 0);
    REQUIRE(mix.put + mix.update > 0);
  }
}

TEST_CASE("anti-entropy can pass over all pairs and partitions within half the time after the heal") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario drawn = draw_swarm(seed);
    const auto nodes = static_cast<TimeNs>(drawn.cluster.members.size());
    const TimeNs turns = drawn.cluster.partitions / drawn.cluster.node.anti_entropy_partitions_max + 3;
    REQUIRE(drawn.cluster.node.anti_entropy_every_ns * nodes * turns <= drawn.heal_within_ns / 2);
  }
}

TEST_CASE("the swarm is a function of the seed, and reaches every choice") {
  std::map<std::size_t, int> sizes;
  std::set<std::uint32_t> replicas, keys, partitions;
  std::set<FaultKind> kinds;
  std::map<FaultKind, int> disk_faults;
  std::map<SyncPolicy, int> policies;
  std::set<std::uint64_t> segments, caches;
  int large = 0, unpacked = 0, lru = 0, dictionaries = 0;
  int strict = 0, lww = 0, open = 0, quiet = 0, no_repair = 0, short_hints = 0, few_hints = 0, links = 0, primaries = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario drawn = draw_swarm(seed);
    ++sizes[drawn.cluster.members.size()];
    replicas.insert(drawn.cluster.replicas);
    keys.insert(drawn.workload.keys);
    partitions.insert(drawn.cluster.partitions);
    strict += drawn.cluster.mode == QuorumMode::kStrict;
    lww += drawn.cluster.node.policy == ConflictPolicy::kLastWriteWins;
    open += drawn.workload.shape == LoadShape::kOpen;
    quiet += !drawn.palette.has_value();
    no_repair += !drawn.cluster.node.read_repair;
    short_hints += drawn.cluster.node.hint_ttl_ns < 5 * kSecond;
    few_hints += drawn.cluster.node.hints_max < 100;
    links += !drawn.network.topology.links.empty();
    primaries += drawn.cluster.write_primary > 0;
    const StoreOptions& log = drawn.cluster.node.storage;
    REQUIRE(log.check().has_value());
    ++policies[log.sync];
    segments.insert(log.segment_bytes);
    caches.insert(log.cache_bytes);
    large += drawn.workload.value_bytes >= 2'000;
    unpacked += log.compress_over_bytes > 1u << 20;
    lru += log.cache_policy == CachePolicy::kLru;
    dictionaries += log.dictionaries;
    if (!drawn.palette) continue;
    for (const auto& [kind, weight] : drawn.palette->kinds) {
      kinds.insert(kind);
      REQUIRE(weight > 0);
      if (traits_of(kind).swarm.set == SwarmShare::Set::kDisk) ++disk_faults[kind];
      REQUIRE((kind != FaultKind::kLinkDown || !drawn.network.topology.links.empty()));
    }
  }
  REQUIRE(sizes.begin()->first == 1);
  REQUIRE(sizes.rbegin()->first == 12);
  REQUIRE(sizes[3] + sizes[4] + sizes[5] + sizes[6] + sizes[7] > 1'700);
  REQUIRE(replicas == std::set<std::uint32_t>{1, 2, 3, 4, 5});
  REQUIRE(keys.size() >= 7);
  REQUIRE(partitions == std::set<std::uint32_t>{8, 16, 32, 64});
  for (const FaultTraits& traits : fault_catalogue()) {
    CAPTURE(traits.word);
    CHECK(kinds.count(traits.kind) == (traits.swarm.set == SwarmShare::Set::kNever ? 0 : 1));
  }
  for (const int count : {strict, open, no_repair, short_hints, few_hints, links, primaries, lww}) {
    REQUIRE(count > 150);
    REQUIRE(count < 1'200);
  }
  REQUIRE(segments == std::set<std::uint64_t>{64u << 10, 128u << 10, 256u << 10, 1u << 20});
  REQUIRE(caches.count(0) == 1);
  REQUIRE(caches.size() >= 4);
  for (const int count : {large, unpacked, lru, dictionaries}) REQUIRE(count > 200);
  REQUIRE(disk_faults.size() == 8);
  for (const auto& [kind, count] : disk_faults) {
    const bool replaces = kind == FaultKind::kDiskRollback || kind == FaultKind::kDiskClone;
    REQUIRE(count > (replaces ? 150 : 400));
  }
  REQUIRE(policies[SyncPolicy::kAlways] > 1'400);
  REQUIRE(policies[SyncPolicy::kInterval] > 150);
  REQUIRE(policies[SyncPolicy::kNever] > 150);
  REQUIRE(quiet < 20);
}

TEST_CASE("a swarm's schedule is the same each time, and can be written for a capsule") {
  std::size_t faults = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Scenario drawn = draw_swarm(seed);
    const Schedule schedule = draw_schedule(drawn, seed);
    faults += schedule.size();
    const std::string written = write_schedule(schedule, drawn);
    const Scenario again = draw_swarm(seed);
    REQUIRE(write_schedule(draw_schedule(again, seed), again) == written);
    const auto read = load_schedule_text(written, "swarm.yaml", drawn);
    REQUIRE(read.has_value());
    REQUIRE(write_schedule(*read, drawn) == written);
  }
  REQUIRE(faults > 300);
}

}  // namespace
}  // namespace dkv::sim
