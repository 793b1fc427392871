#include <rapidcheck.h>

#include <algorithm>

#include "cli/terminal/json_documents.h"
#include "engine/core/hash.h"
#include "tests/storage/store_rig.h"

namespace dkv::testing {
namespace {

StoreOptions with_dictionaries(SyncPolicy sync = SyncPolicy::kAlways) {
  StoreOptions options = StoreRig::small();
  options.dictionaries = true;
  options.sync = sync;
  return options;
}

// Writes documents under new keys and remembers the expected values.
class Writer {
 public:
  explicit Writer(StoreRig& rig, std::uint64_t seed = 1) : rig_(&rig), seed_(seed), documents_(seed) {}

  void write(int count) {
    for (int i = 0; i < count; ++i) {
      put();
      if (i % 8 == 7) rig_->flush_and_settle();
    }
    rig_->flush_and_settle();
  }
  void put() {
    const std::string key = std::to_string(seed_) + "." + std::to_string(written.size());
    written[key] = documents_.next(500);
    rig_->put(key, written[key], ++counter_);
  }
  // Replaces a key's value by one on which no dictionary is tried.
  void replace(const std::string& key) {
    written[key] = "replaced";
    rig_->write(key, "replaced", ++counter_);
  }
  void write_until_packing() {
    while (rig_->store->stats().dictionary_saved_bytes == 0 && written.size() < 1'000) write(1);
    REQUIRE(rig_->store->stats().dictionary_saved_bytes > 0);
  }
  // The number of documents that the store does not have.
  int missing(StoreRig& rig) const {
    int count = 0;
    for (const auto& [key, value] : written) {
      const std::string read = rig.read(key);
      count += read != value;
      CHECK((read == value || read == "none" || read == "lost"));
    }
    return count;
  }
  int missing() const { return missing(*rig_); }

  std::map<std::string, std::string> written;

 private:
  StoreRig* rig_;
  std::uint64_t seed_;
  JsonDocuments documents_;
  std::uint64_t counter_ = 0;
};

struct Found {
  std::uint32_t segment = 0;
  std::size_t offset = 0;
  std::uint32_t id = 0;
};

// The records of dictionaries, in the order of the log.
std::vector<Found> dictionaries_on(StringDisk& disk) {
  std::vector<Found> found;
  for (const auto& [name, file] : disk.files) {
    if (name.kind != FileKind::kSegment) continue;
    const auto segment = static_cast<std::uint32_t>(name.number);
    for (std::size_t at = record::find_head(file.bytes, 0); at < file.bytes.size();
         at = record::find_head(file.bytes, at + 1)) {
      record::Head head;
      std::size_t needed = 0;
      const auto parsed = record::parse_head(std::string_view(file.bytes).substr(at), segment,
                                             static_cast<std::uint32_t>(at), head, needed);
      if (parsed != record::Parsed::kOk || head.name.space != KeySpace::kDictionaries) continue;
      found.push_back({segment, at, head.name.owner});
    }
  }
  return found;
}

void damage_dictionaries(StringDisk& disk) {
  for (const Found& found : dictionaries_on(disk)) (*disk.segment(found.segment))[found.offset + 1'000] ^= 4;
  REQUIRE(dictionaries_on(disk).empty());
}

TEST_CASE("a store that has written enough small values packs the next ones with a dictionary") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  CHECK(writer.written.size() > 100);
  const StoreStats before = rig.store->stats();
  CHECK(before.dictionaries == 1);
  writer.write(100);
  const StoreStats after = rig.store->stats();
  CHECK((after.stored_bytes - before.stored_bytes) * 2 < after.values_bytes - before.values_bytes);
  CHECK(after.dictionary_saved_bytes == after.values_bytes - after.stored_bytes);
  CHECK(dictionaries_on(rig.disk).size() == 1);
  CHECK(writer.missing() == 0);
}

TEST_CASE("a store without the option makes no dictionary, and reads values packed with one") {
  StoreRig off(StoreRig::small());
  Writer plain(off);
  plain.write(300);
  CHECK(off.store->stats().dictionaries == 0);
  CHECK(off.store->stats().stored_bytes == off.store->stats().values_bytes);

  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  writer.write(50);
  off.disk = rig.disk;
  off.start();
  CHECK(writer.missing(off) == 0);
  CHECK(off.store->stats().dictionaries == 1);
  off.write("1.0", JsonDocuments(9).next(500), 10'000);
  CHECK(off.store->stats().dictionary_saved_bytes == 0);
}

TEST_CASE("a dictionary survives a start, from a scan and from a snapshot, and packs on") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  writer.write(50);
  rig.start();
  CHECK(rig.report.snapshots == 0);
  CHECK(rig.store->stats().dictionaries == 1);
  CHECK(writer.missing() == 0);
  for (int i = 0; i < 500 && dictionaries_on(rig.disk).back().segment + 2 > rig.store->stats().segments; ++i) {
    writer.write(8);
  }
  rig.tick();
  rig.tick();
  const auto place = dictionaries_on(rig.disk).back();
  REQUIRE(rig.disk.files.contains({FileKind::kSnapshot, place.segment}));
  rig.start();
  CHECK(rig.report.snapshots > 0);
  CHECK(rig.report.intact());
  CHECK(rig.store->stats().dictionaries == 1);
  writer.write(1);
  CHECK(rig.store->stats().dictionary_saved_bytes > 0);
  CHECK(writer.missing() == 0);
}

TEST_CASE("a merge moves a dictionary and never drops it, even when all its values are gone") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  writer.write(200);
  const auto before = dictionaries_on(rig.disk);
  REQUIRE(before.size() == 1);
  for (const auto& [key, value] : std::map(writer.written)) {
    if (key != "1.210") writer.replace(key);
  }
  for (int i = 0; i < 20; ++i) rig.tick();
  REQUIRE(rig.disk.segment(before[0].segment) == nullptr);
  CHECK(dictionaries_on(rig.disk).size() == 1);
  CHECK(writer.missing() == 0);
  rig.start();
  CHECK(writer.missing() == 0);
  CHECK(rig.store->stats().dictionaries == 1);
  writer.write(1);
  CHECK(rig.store->stats().dictionary_saved_bytes > 0);
}

TEST_CASE("no value is packed with a dictionary that a power loss could take from under it") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  int put = 0;
  while (rig.store->stats().dictionaries == 0 && put++ < 1'000) {
    writer.put();
    rig.flush();
    if (rig.store->stats().dictionaries == 0) rig.settle();
  }
  REQUIRE(rig.store->stats().dictionaries == 1);
  const Writer durable = writer;  // these were appended together with the dictionary
  for (int i = 0; i < 20; ++i) writer.put();
  rig.flush();
  CHECK(rig.store->stats().dictionary_saved_bytes == 0);
  for (const std::size_t keep : {0u, 3'000u, 9'000u}) {
    StoreRig cut = rig;
    cut.lose_power_and_start(keep);
    CHECK(cut.failure.empty());
    CHECK(cut.store->stats().dictionaries == 0);
    CHECK(cut.damaged.empty());
    CHECK(durable.missing(cut) <= 1);
    Writer again(cut, 2);
    again.write_until_packing();
    CHECK(again.missing() == 0);
  }
  rig.settle();
  writer.write(1);
  CHECK(rig.store->stats().dictionary_saved_bytes > 0);
}

TEST_CASE("a dictionary that a start has moved packs again once it is durable in its new place") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  rig.store.emplace(with_dictionaries());
  rig.durable = 0;
  rig.store->start(rig.out());
  while (rig.store->phase() != LogStore::Phase::kOpen) REQUIRE(rig.step());
  REQUIRE(rig.store->stats().dictionaries == 1);
  writer.put();
  CHECK(rig.store->stats().dictionary_saved_bytes == 0);
  rig.flush_and_settle();
  writer.put();
  CHECK(rig.store->stats().dictionary_saved_bytes > 0);
}

TEST_CASE("a dictionary is synced before it is used, under every sync policy") {
  for (const SyncPolicy sync : {SyncPolicy::kInterval, SyncPolicy::kNever}) {
    StoreRig rig(with_dictionaries(sync));
    Writer writer(rig);
    writer.write_until_packing();
    rig.lose_power_and_start();
    CHECK(rig.store->stats().dictionaries == 1);
    rig.disk.fail_syncs = true;
    Writer more(rig, 2);
    more.write(1);
    CHECK(rig.store->stats().dictionary_saved_bytes > 0);  // the dictionary was durable at the start
  }
  StoreRig rig(with_dictionaries(SyncPolicy::kNever));
  rig.disk.fail_syncs = true;
  Writer writer(rig);
  for (int i = 0; i < 1'000 && rig.failure.empty(); ++i) {
    writer.put();
    rig.flush_and_settle();
  }
  CHECK(rig.failure == "a sync failed");
  CHECK(rig.store->stats().dictionary_saved_bytes == 0);
}

TEST_CASE("a damaged dictionary damages its values, none is read wrongly, and the store continues") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  writer.write(30);
  const std::uint32_t id = dictionaries_on(rig.disk).at(0).id;
  damage_dictionaries(rig.disk);
  rig.start();
  CHECK(rig.failure.empty());
  CHECK_FALSE(rig.report.intact());
  CHECK(rig.store->stats().dictionaries == 0);
  CHECK(rig.damaged.size() >= 31);  // all values that needed it were in segments without a snapshot
  CHECK(rig.damaged.size() <= 40);
  CHECK(rig.store->stats().damaged_values == rig.damaged.size());
  CHECK(static_cast<std::size_t>(writer.missing()) == rig.damaged.size());
  for (const StoreDamaged& lost : std::vector(rig.damaged)) {
    const std::string key(lost.key.key());
    rig.write(key, writer.written.at(key), 10'000);
  }
  CHECK(writer.missing() == 0);
  Writer more(rig, 2);
  more.write(300);
  REQUIRE(rig.store->stats().dictionaries == 1);
  CHECK(dictionaries_on(rig.disk).at(0).id != id);
  rig.start();
  CHECK(writer.missing() == 0);
}

TEST_CASE(
    "values whose dictionary is lost are found by reads and by merges, where a snapshot hid them from the start") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write_until_packing();
  writer.write(900);
  for (int i = 0; i < 3; ++i) rig.tick();
  damage_dictionaries(rig.disk);
  const std::size_t snapshots = std::erase_if(rig.disk.files, [&](const auto& file) {
    return file.first.kind == FileKind::kSnapshot && file.first.number == 2;
  });
  REQUIRE(snapshots == 1);
  rig.start();
  REQUIRE(rig.store->stats().dictionaries == 0);
  REQUIRE(rig.report.snapshots > 0);
  const std::size_t found_at_start = rig.damaged.size();
  const int lost = writer.missing();
  CHECK(static_cast<std::size_t>(lost) > found_at_start);
  CHECK(rig.damaged.size() == static_cast<std::size_t>(lost));
  CHECK(rig.store->stats().damaged_values == rig.damaged.size());
}

TEST_CASE("two stores that are given the same puts have the same bytes") {
  StoreRig one(with_dictionaries());
  StoreRig two(with_dictionaries());
  Writer(one).write(400);
  Writer(two).write(400);
  REQUIRE(one.store->stats().dictionary_saved_bytes > 0);
  REQUIRE(one.disk.files.size() == two.disk.files.size());
  for (const auto& [name, file] : one.disk.files) CHECK(two.disk.files.at(name).bytes == file.bytes);
}

TEST_CASE("a copy of a store shares its dictionaries and samples, and continues independently") {
  StoreRig rig(with_dictionaries());
  Writer writer(rig);
  writer.write(60);
  StoreRig copy = rig;
  writer.write_until_packing();
  CHECK(copy.store->stats().dictionaries == 0);
  StoreRig later = rig;
  Writer more(later, 3);
  more.write(100);
  CHECK(later.store->stats().dictionary_saved_bytes > rig.store->stats().dictionary_saved_bytes);
  CHECK(writer.missing() == 0);
  CHECK(more.missing() == 0);
  Writer rest(copy, 4);
  rest.write_until_packing();
  CHECK(rest.missing() == 0);
}

TEST_CASE("a store that packs with a dictionary is a map that survives crashes at any moment, merges included") {
  StoreOptions options = with_dictionaries();
  options.merge_dead_percent = 30;
  StoreRig trained(options);
  Writer writer(trained);
  writer.write_until_packing();
  writer.write(50);
  std::uint64_t seed = 0;
  const bool held = rc::check([&] {
    StoreRig rig = trained;
    be_a_map(rig, [&](std::size_t bytes) { return JsonDocuments(++seed).next(bytes); });
    RC_ASSERT(writer.missing(rig) == 0);
    RC_ASSERT(rig.store->stats().dictionaries >= 1u);
    return true;
  });
  CHECK(held);
}

// Values of 50 words out of 300 meaningless ones. A dictionary trained on JSON helps them little.
std::string strange_words(std::uint64_t& draw) {
  std::string value;
  for (int i = 0; i < 50; ++i) {
    std::uint64_t word = mix64(0xabcdef + mix64(++draw * 0x9e3779b97f4a7c15ULL) % 300);
    for (int letter = 0; letter < 10; ++letter, word /= 60) value += static_cast<char>('A' + word % 60);
  }
  return value;
}

TEST_CASE("values that have changed get a dictionary of their own, and the old ones are still read") {
  StoreOptions options = with_dictionaries();
  options.segment_bytes = 1u << 20;
  StoreRig rig(options);
  Writer writer(rig);
  writer.write_until_packing();
  std::uint64_t draw = 0;
  std::map<std::string, std::string> strange;
  for (std::uint64_t i = 0; i < 20'000 && rig.store->stats().dictionaries < 2; ++i) {
    const std::string key = "strange" + std::to_string(i);
    strange[key] = strange_words(draw);
    rig.put(key, strange[key], 1);
    if (i % 100 == 99) rig.flush_and_settle();
  }
  REQUIRE(rig.store->stats().dictionaries == 2);
  rig.flush_and_settle();
  for (int start = 0; start < 2; ++start) {
    const StoreStats before = rig.store->stats();
    for (int i = 0; i < 100; ++i) rig.put("late" + std::to_string(100 * start + i), strange_words(draw), 1);
    rig.flush_and_settle();
    const StoreStats after = rig.store->stats();
    CHECK((after.stored_bytes - before.stored_bytes) * 10 < (after.values_bytes - before.values_bytes) * 6);
    CHECK(writer.missing() == 0);
    for (const auto& [key, value] : strange) REQUIRE(rig.read(key) == value);
    rig.start();
    CHECK(rig.store->stats().dictionaries == 2);
  }
}

}  // namespace
}  // namespace dkv::testing
