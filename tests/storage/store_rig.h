// A log store over a disk of strings that a test can hold back, cut and damage.
#pragma once

#include <deque>
#include <functional>
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

Key store_key(std::string_view name);

inline constexpr Actor kStoreActor{ActorId{7, 9}, 1};

// An object with one version with this value. counter is the number of the write.
ObjectPtr one_version(std::string_view value, std::uint64_t counter, const Actor& actor = kStoreActor);

std::string text_of(const ObjectPtr& object);

class StoreRig {
 public:
  explicit StoreRig(StoreOptions options = small()) : options_(options) { start(); }

  static StoreOptions small();

  StringDisk disk;
  std::optional<LogStore> store;
  std::vector<StoreEvent> events;  // since they were last taken
  AppendId durable = 0;
  RecoveryReport report;
  std::optional<Identity> identity;
  std::string failure;
  std::map<FetchId, ObjectPtr> fetched;
  std::vector<StoreDamaged> damaged;

  StoreOut out() { return {requests_, events}; }

  // Starts a new process on the same disk.
  void start();
  void lose_power_and_start(std::size_t keep = 0);
  // Carries out one request. False when none waits.
  bool step();
  void settle();
  void flush();
  void flush_and_settle();
  // Flips a bit in the first segment, at the place where these bytes begin.
  void damage(std::string_view bytes);
  AppendId put(std::string_view key, std::string_view value, std::uint64_t counter);
  void write(std::string_view key, std::string_view value, std::uint64_t counter);
  void tick();
  // The values, read from the disk if they are cold; "none", or "lost" if they are damaged.
  std::string read(std::string_view key);

  TimeNs now_ns = 0;

 private:
  void hand_over();
  void take_events();

  StoreOptions options_;
  std::vector<DiskRequest> requests_;
};

// For use within rc::check: puts, crashes and merges in any order. The store must hold the same as a map.
// make_value(size) returns a new value of up to about that size.
void be_a_map(StoreRig& rig, const std::function<std::string(std::size_t)>& make_value);

}  // namespace dkv::testing
