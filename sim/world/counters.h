#pragma once

#include <array>
#include <cstdint>

#include "engine/storage/storage.h"

namespace dkv::sim {

// The counts of a world, for the metrics of a result.
struct WorldCounters {
  std::array<std::uint64_t, 32> observed{};  // by Observed
  std::uint64_t messages_sent = 0;           // each once, however long a clog held it
  std::uint64_t messages_lost = 0;
  std::uint64_t restarts = 0;
  std::uint64_t appends_lost = 0;       // appended, not yet durable, and gone with the power or the process
  std::uint64_t records_forgotten = 0;  // with processes whose store keeps nothing over their end
  std::uint64_t storage_failures = 0;   // nodes that stopped because their disk failed them
  std::uint64_t disk_damages = 0;       // places that rotted or were overwritten
  std::uint64_t disk_reads = 0;         // of values and of whole segments
  std::uint64_t refused_full = 0;       // answers to clients: a disk had no room
  // What the stores count, summed over their lives.
  std::uint64_t merges = 0;
  std::uint64_t damaged_values = 0;
  std::uint64_t cold_reads = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t values_bytes = 0, stored_bytes = 0;
  std::uint64_t dictionary_saved_bytes = 0;
  std::uint64_t disk_bytes = 0;  // of all folders at the end

  // A store's life is over.
  void add(const StoreStats& stats) noexcept {
    merges += stats.merges;
    damaged_values += stats.damaged_values;
    cold_reads += stats.reads;
    cache_hits += stats.cache_hits;
    values_bytes += stats.values_bytes;
    stored_bytes += stats.stored_bytes;
    dictionary_saved_bytes += stats.dictionary_saved_bytes;
  }
};

}  // namespace dkv::sim
