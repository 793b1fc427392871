// The promises of each SyncPolicy, and their limits.
#include "engine/storage/log.h"

#include "tests/storage/store_rig.h"

namespace dkv {
namespace {

using testing::StoreRig;

StoreOptions with(SyncPolicy policy) {
  StoreOptions options = StoreRig::small();
  options.sync = policy;
  options.compress_over_bytes = UINT32_MAX;
  return options;
}

std::size_t waiting_syncs(const StoreRig& rig) {
  return static_cast<std::size_t>(std::ranges::count_if(
      rig.disk.waiting, [](const DiskRequest& request) { return std::holds_alternative<DiskSync>(request.what); }));
}

}  // namespace

TEST_CASE("sync never: a write is acknowledged when the system has it, and a power loss takes it") {
  StoreRig rig(with(SyncPolicy::kNever));
  const std::uint64_t before = rig.disk.syncs;
  rig.write("a", "apple", 1);
  for (int i = 0; i < 5; ++i) rig.tick();
  CHECK(rig.disk.syncs == before);
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "none");
}

TEST_CASE("sync at intervals: a power loss takes the appends after the last sync, and no more") {
  StoreRig rig(with(SyncPolicy::kInterval));
  rig.write("a", "apple", 1);
  rig.tick();
  rig.tick();
  rig.write("b", "berry", 1);
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "apple");
  CHECK(rig.read("b") == "none");
}

TEST_CASE(
    "an identity that counts as durable outlives a power loss under every policy, or its epoch would begin again") {
  for (const SyncPolicy policy : {SyncPolicy::kAlways, SyncPolicy::kInterval, SyncPolicy::kNever}) {
    StoreRig rig(with(policy));
    const AppendId id = rig.store->put_identity({{ActorId{1, 1}, 7}});
    rig.flush_and_settle();
    REQUIRE(rig.durable >= id);
    rig.write("behind", "x", 1);
    rig.lose_power_and_start();
    REQUIRE(rig.identity.has_value());
    CHECK(rig.identity->actor.epoch == 7);
    CHECK(rig.read("behind") == (policy == SyncPolicy::kAlways ? "x" : "none"));
  }
}

TEST_CASE("a full segment is synced in the background when no append waits for syncs") {
  StoreRig rig(with(SyncPolicy::kNever));
  const std::string value(3000, 'v');
  std::uint64_t counter = 0;
  while (waiting_syncs(rig) == 0) {
    REQUIRE(++counter < 100);
    rig.put("k" + std::to_string(counter % 50), value, counter);
    rig.flush();
    while (waiting_syncs(rig) == 0 && rig.step()) {
    }
  }
  // The sync is held back, and the log continues in the next segment meanwhile.
  const auto sync = std::ranges::find_if(
      rig.disk.waiting, [](const DiskRequest& request) { return std::holds_alternative<DiskSync>(request.what); });
  DiskRequest held = std::move(*sync);
  rig.disk.waiting.erase(sync);
  rig.write("beside", "x", 1);
  rig.disk.waiting.push_back(std::move(held));
  rig.settle();
  CHECK(rig.failure.empty());
  rig.lose_power_and_start();
  CHECK(rig.read("k1") == value);
  CHECK(rig.read("beside") == "none");
}

TEST_CASE("after a sync that served a crowd a write waits for company, until its time is up") {
  StoreRig rig(with(SyncPolicy::kAlways));
  rig.write("first", "settles", 1);
  rig.store->at(kSecond);
  for (std::uint64_t i = 0; i < 20; ++i) rig.put("k" + std::to_string(i), "v", 1);
  rig.flush();
  rig.store->at(kSecond + 4 * kMillisecond);
  rig.settle();
  const std::uint64_t flushes = rig.store->stats().flushes;
  rig.put("late", "v", 1);
  rig.flush();
  CHECK(rig.store->stats().flushes == flushes);
  CHECK(rig.store->held_until_ns() == kSecond + 5 * kMillisecond);
  SECTION("the company comes") {
    for (std::uint64_t i = 0; i < 19; ++i) rig.put("k" + std::to_string(i), "w", 2);
    rig.flush();
    CHECK(rig.store->stats().flushes == flushes + 1);
  }
  SECTION("nobody comes") {
    rig.store->at(kSecond + 5 * kMillisecond);
    CHECK(rig.store->held_until_ns() == 0);
    rig.flush();
    CHECK(rig.store->stats().flushes == flushes + 1);
  }
  rig.settle();
  CHECK(rig.read("late") == "v");
}

TEST_CASE("a failed sync of a full segment stops the store under every policy") {
  for (const SyncPolicy policy : {SyncPolicy::kNever, SyncPolicy::kInterval}) {
    StoreRig rig(with(policy));
    rig.disk.fail_syncs = true;
    const std::string value(3000, 'v');
    for (std::uint64_t i = 1; i < 60 && rig.failure.empty(); ++i) {
      rig.put("k" + std::to_string(i), value, i);
      rig.flush_and_settle();
    }
    CHECK(rig.failure == "a sync failed");
  }
}

}  // namespace dkv
