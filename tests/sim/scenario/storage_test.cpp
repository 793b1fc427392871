#include <limits>

#include "engine/storage/store_options.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {
namespace {

StorageOptions storage_of(const std::string& storage) {
  return load_good("cluster: {storage: " + storage + "}\n").cluster.node.storage;
}

bool complains(const std::string& text, const std::string& about) {
  return complaints_of(text).find(about) != std::string::npos;
}

}  // namespace

TEST_CASE("every field of the storage arrives") {
  const StorageOptions storage = storage_of(
      "{backend: log, segment: 64KiB, cache: 0B, cache_policy: lru, sync: interval, sync_every: 20ms, "
      "compress_over: 50B, dictionaries: on, merge_dead: 10%}");
  CHECK(storage.backend == StorageBackend::kLog);
  CHECK(storage.segment_bytes == 65'536);
  CHECK(storage.cache_bytes == 0);
  CHECK(storage.cache_policy == CachePolicy::kLru);
  CHECK(storage.sync == SyncPolicy::kInterval);
  CHECK(storage.sync_every_ns == 20 * kMillisecond);
  CHECK(storage.compress_over_bytes == 50);
  CHECK(storage.dictionaries);
  CHECK_FALSE(storage_of("{dictionaries: off}").dictionaries);
  CHECK_FALSE(storage_of("{}").dictionaries);
  CHECK(storage.merge_dead_percent == 10);
  CHECK(storage_of("{backend: memory}").backend == StorageBackend::kMemory);
  CHECK(storage_of("{compress_over: never}").compress_over_bytes == std::numeric_limits<std::uint32_t>::max());
  CHECK(storage_of("{merge_dead: never}").merge_dead_percent == 100);
}

TEST_CASE("a store takes the least and the greatest allowed settings of the storage") {
  for (const std::string text : {"{segment: 64KiB, merge_dead: 10%, cache: 0B, compress_over: 0B}",
                                 "{segment: 1024MiB, merge_dead: 100%, cache: 1024MiB, compress_over: 1024MiB}",
                                 "{sync: interval, sync_every: 1ms}"}) {
    CAPTURE(text);
    CHECK(storage_of(text).check().has_value());
  }
  CHECK(complains("cluster: {storage: {segment: 65535B}}", "allowed: 64KiB to 1GiB"));
  CHECK(complains("cluster: {storage: {segment: 1025MiB}}", "allowed: 64KiB to 1GiB"));
  CHECK(complains("cluster: {storage: {merge_dead: 9%}}", "from 10% to 100%"));
  CHECK(complains("cluster: {storage: {merge_dead: 20.5%}}", "whole percents"));
}

TEST_CASE("mistakes in the storage are named with their place and a suggestion") {
  CHECK(complains("cluster: {storage: {cahce: 1MiB}}", "unknown key 'cahce' in 'storage'; did you mean 'cache'?"));
  CHECK(complains("cluster: {storage: {sync: allways}}", "'allways' is not a value of 'sync'; did you mean 'always'?"));
  CHECK(complains("cluster: {storage: {merge_dead: nevr}}", "did you mean 'never'?"));
  CHECK(complains("cluster: {storage: {dictionaries: onn}}", "did you mean 'on'?"));
  CHECK(complains("cluster: {storage: {compress_over: neve}}", "did you mean 'never'?"));
  CHECK(complains("cluster: {storage: {cache: 16MB}}", "'cache'"));
  CHECK(complains("cluster: {storage: {sync_every: 1s}}", "'sync_every' with sync: always"));
  CHECK(complains("cluster: {storage: {backend: memory, cache: 1MiB}}", "'cache' with backend: memory"));
}

TEST_CASE("a disk's syncs and reads each have a time of their own") {
  const Scenario scenario = load_good("disk: {sync: 3ms, read: {uniform: [1ms, 2ms]}}\n");
  CHECK(scenario.disk.sync.greatest() == 3 * kMillisecond);
  CHECK(scenario.disk.read.least() == kMillisecond);
  CHECK(scenario.disk.read.greatest() == 2 * kMillisecond);
}

TEST_CASE("faults that break a disk arrive") {
  const auto only = [](const std::string& fault) { return load_good("faults: [" + fault + "]").faults.at(0); };
  CHECK(only("{at: 1s, for: 2s, fail_sync: n2}").kind == FaultKind::kFailSync);
  CHECK(only("{at: 1s, bit_rot: n2}").for_ns == 0);
  CHECK(only("{at: 1s, misdirected_write: n2}").kind == FaultKind::kMisdirected);
  CHECK(only("{at: 1s, stalled_disk: [n1, n2]}").groups == std::vector<std::vector<NodeId>>{{0, 1}});
  CHECK(only("{at: 1s, disk_full: all}").groups.at(0).size() == 5);
  const Fault errors = only("{at: 1s, read_errors: {nodes: n3, rate: 2.5%}}");
  CHECK(errors.kind == FaultKind::kReadErrors);
  CHECK(errors.rate_ppm == 25'000);
}

TEST_CASE("a disk fault that strikes once has no length, and a disk has one rate of errors at a time") {
  CHECK(complains("faults: [{at: 1s, for: 2s, bit_rot: n1}]", "strikes once"));
  CHECK(complains("faults: [{at: 1s, for: 2s, misdirected_write: n1}]", "strikes once"));
  CHECK(complains("faults: [{at: 1s, read_errors: {nodes: n1}}]", "the field 'rate' is missing"));
  CHECK(
      complains("faults: [{at: 1s, read_errors: {rate: 1%, nodes: n1}}, {at: 2s, read_errors: {nodes: n1, rate: 2%}}]",
                "has read errors"));
}

TEST_CASE("the memory backend has no disk to break, and a story with such a fault is refused") {
  const std::string head = "cluster: {storage: {backend: memory}}\n";
  for (const std::string fault :
       {"fail_sync: n1", "read_errors: {nodes: n1, rate: 1%}", "bit_rot: n1", "misdirected_write: n1",
        "stalled_disk: n1", "disk_full: n1", "slow_disk: {nodes: n1, by: 5ms}"}) {
    CAPTURE(fault);
    CHECK(complains(head + "faults: [{at: 1s, " + fault + "}]", "with backend: memory"));
  }
  CHECK(complains(head + "faults: [{random: {kinds: {bit_rot: 1}}}]", "'bit_rot' with backend: memory"));
}

}  // namespace dkv::sim
