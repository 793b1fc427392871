// A store of any backend behind the seam, over a disk of strings, with the model that it must match.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/storage/storage.h"
#include "tests/catch.h"
#include "tests/storage/string_disk.h"

namespace dkv::testing {

// Every backend, under each of its durability promises.
std::vector<StorageOptions> all_backends();
std::string described(const StorageOptions& options);

// Drives Storage as a node does: calls, then the end of the turn, then the events. The disk works only when a test
// says so.
class ConformanceRig {
 public:
  explicit ConformanceRig(const StorageOptions& options);

  // --- The life of the process.
  // The process ends, the operating system writes out the bytes that it has, and another process starts on the same
  // disk.
  void exit_and_start();
  // The machine loses power: unsynced bytes are gone.
  void lose_power_and_start();

  // --- Turns.
  void end_turn();
  // Carries out one disk request and ends a turn. False when none waits.
  bool step();
  // Runs until the disk has nothing more to do.
  void settle();
  AppendId put(std::string_view key, std::string_view value, std::uint64_t counter);
  AppendId erase(std::string_view key) { return put_record({.key = conformance_key(key)}); }
  AppendId put_hint(NodeId owner, std::string_view key, std::string_view value, std::uint64_t counter);
  AppendId put_record(Record record);
  // The values, fetched; "none" for an absent name.
  std::string read(std::string_view key);
  std::string read_hint(NodeId owner, std::string_view key);

  static Key conformance_key(std::string_view name);
  static ObjectPtr object(std::string_view value, std::uint64_t counter);

  StringDisk disk;
  Storage store;
  AppendId durable = 0;
  bool recovered = false;
  RecoveryReport report;
  std::optional<Identity> identity;  // as reported by the start
  std::uint64_t disk_requests = 0;   // total number

 private:
  void begin();
  std::string wait_for(const StoreFetch& fetch);
  void take_events();

  StorageOptions options_;
  Outbox out_;
  std::map<FetchId, ObjectPtr> fetched_;
  TimeNs now_ns_ = 0;
};

}  // namespace dkv::testing
