// A log store over a disk of strings that a test can hold back, cut and damage.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/storage/log_store.h"
#include "tests/catch.h"
#include "tests/storage/string_disk.h"

namespace dkv::testing {

inline Key store_key(std::string_view name) {
  return *Key::make(kDefaultBucket, name);
}

inline constexpr Actor kStoreActor{ActorId{7, 9}, 1};

// One version with the value; counter names the write.
inline ObjectPtr one_version(std::string_view value, std::uint64_t counter, const Actor& actor = kStoreActor) {
  Sibling sibling{.dot = {actor, counter}, .hlc = {counter << 16}, .tag = counter, .value = Blob(value)};
  return Object::make(VersionVector().merged(VersionVector::from_sorted({{{actor, counter}}})), {&sibling, 1});
}

inline std::string text_of(const ObjectPtr& object) {
  if (!object) return "none";
  std::string text;
  for (const Sibling& sibling : object->siblings()) {
    if (!text.empty()) text += "|";
    text += sibling.tombstone ? "deleted" : sibling.cold_bytes > 0 ? "cold" : std::string(sibling.value.view());
  }
  return text;
}

class StoreRig {
 public:
  explicit StoreRig(StoreOptions options = small()) : options_(options) { start(); }

  static StoreOptions small() {
    StoreOptions options;
    options.partitions = 8;
    options.segment_bytes = 64u << 10;
    options.cache_bytes = 0;  // every value is cold once it is on the disk
    options.scan_bytes = 4u << 10;
    return options;
  }

  StringDisk disk;
  std::optional<LogStore> store;
  std::vector<StoreEvent> events;  // since the last take
  AppendId durable = 0;
  RecoveryReport report;
  std::optional<Actor> identity;
  std::string failure;
  std::map<FetchId, ObjectPtr> fetched;
  std::vector<StoreDamaged> damaged;

  StoreOut out() { return {requests_, events}; }

  // A new process over the same disk.
  void start() {
    store.emplace(options_);
    durable = 0;
    failure.clear();
    report = {};
    disk.waiting.clear();
    store->start(out());
    settle();
  }
  void lose_power_and_start(std::size_t keep = 0) {
    disk.lose_power(keep);
    start();
  }
  // Carries out one request; false when none waits.
  bool step() {
    hand_over();
    std::optional<DiskDone> done = disk.carry_out();
    if (!done) return false;
    store->handle(std::move(*done), out());
    hand_over();
    take_events();
    return true;
  }
  void settle() {
    while (step()) {
    }
  }
  void flush() {
    store->flush(out());
    hand_over();
  }
  void flush_and_settle() {
    flush();
    settle();
  }
  // Flips a bit of the first segment where these bytes begin.
  void damage(std::string_view bytes) {
    std::string& segment = *disk.segment(1);
    const std::size_t at = segment.find(bytes);
    REQUIRE(at != std::string::npos);
    segment[at] ^= 1;
  }
  AppendId put(std::string_view key, std::string_view value, std::uint64_t counter) {
    return store->put(store_key(key), one_version(value, counter));
  }
  void write(std::string_view key, std::string_view value, std::uint64_t counter) {
    const AppendId id = put(key, value, counter);
    flush_and_settle();
    REQUIRE(durable >= id);
  }
  void tick() {
    now_ns += kSecond;
    store->tick(now_ns, out());
    settle();
  }
  // The values, read from the disk where they are cold; "none", or "lost" where they are damaged.
  std::string read(std::string_view key) {
    const bool known = static_cast<bool>(store->find(store_key(key)));
    const LogStore::Fetch fetch = store->fetch(store_key(key), out());
    if (fetch.id == 0) return fetch.object || !known ? text_of(fetch.object) : "lost";
    settle();
    REQUIRE(fetched.count(fetch.id) == 1);
    const ObjectPtr object = fetched.at(fetch.id);
    return object ? text_of(object) : "lost";
  }

  TimeNs now_ns = 0;

 private:
  void hand_over() {
    for (DiskRequest& request : requests_) disk.waiting.push_back(std::move(request));
    requests_.clear();
  }
  void take_events() {
    for (StoreEvent& event : events) {
      if (const auto* recovered = std::get_if<StoreRecovered>(&event)) {
        report = recovered->report;
        identity = recovered->identity;
      } else if (const auto* synced = std::get_if<StoreDurable>(&event)) {
        REQUIRE(synced->upto > durable);
        durable = synced->upto;
      } else if (auto* got = std::get_if<StoreFetched>(&event)) {
        fetched[got->fetch] = got->object;
      } else if (auto* lost = std::get_if<StoreDamaged>(&event)) {
        damaged.push_back(std::move(*lost));
      } else {
        failure = std::get<StoreFailed>(event).what;
      }
    }
    events.clear();
  }

  StoreOptions options_;
  std::vector<DiskRequest> requests_;
};

}  // namespace dkv::testing
