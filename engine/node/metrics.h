#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/core/metric.h"
#include "engine/storage/backend.h"

namespace dkv {

class Node;

// The metrics of a node, on either host.
std::span<const Metric<Node>> node_metrics() noexcept;

// The metrics of a node's store, read from its statistics.
inline constexpr Metric<StoreStats> kStoreMetrics[] = {
    {"store_segments", MetricType::kGauge, MetricUnit::kNumber, "segments of the log",
     [](const StoreStats& stats) { return stats.segments; }},
    {"store_live_bytes", MetricType::kGauge, MetricUnit::kBytes, "bytes of live records",
     [](const StoreStats& stats) { return stats.live_bytes; }},
    {"store_dead_bytes", MetricType::kGauge, MetricUnit::kBytes, "bytes of records that were replaced",
     [](const StoreStats& stats) { return stats.dead_bytes; }},
    {"store_index_bytes", MetricType::kGauge, MetricUnit::kBytes, "estimated memory of the index",
     [](const StoreStats& stats) { return stats.index_bytes; }},
    {"store_cache_bytes", MetricType::kGauge, MetricUnit::kBytes, "memory of cached values",
     [](const StoreStats& stats) { return stats.cache_bytes; }},
    {"store_dictionaries", MetricType::kGauge, MetricUnit::kNumber, "dictionaries that values were packed with",
     [](const StoreStats& stats) { return stats.dictionaries; }},
    {"store_full", MetricType::kFlag, MetricUnit::kNumber, "1 while the disk has no room",
     [](const StoreStats& stats) { return std::uint64_t{stats.full}; }},
    {"store_merging", MetricType::kFlag, MetricUnit::kNumber, "1 while a segment is merged",
     [](const StoreStats& stats) { return std::uint64_t{stats.merging_segment != 0}; }},
    {"store_merging_segment", MetricType::kGauge, MetricUnit::kNumber, "the segment that is merged, or 0",
     [](const StoreStats& stats) { return stats.merging_segment; }},
    {"store_merging_offset", MetricType::kGauge, MetricUnit::kBytes,
     "the offset in this segment that its merge has reached",
     [](const StoreStats& stats) { return stats.merging_offset; }},
    {"store_cache_hits", MetricType::kCounter, MetricUnit::kNumber, "reads of values that the store's cache answered",
     [](const StoreStats& stats) { return stats.cache_hits; }, "cache_hits"},
    {"store_cache_misses", MetricType::kCounter, MetricUnit::kNumber,
     "reads of values that the store's cache did not answer",
     [](const StoreStats& stats) { return stats.cache_misses; }},
    {"store_reads", MetricType::kCounter, MetricUnit::kNumber, "values that the store fetched from its disk",
     [](const StoreStats& stats) { return stats.reads; }, "cold_reads"},
    {"store_values_bytes", MetricType::kCounter, MetricUnit::kBytes, "bytes of values appended, before compression",
     [](const StoreStats& stats) { return stats.values_bytes; }},
    {"store_stored_bytes", MetricType::kCounter, MetricUnit::kBytes, "bytes of values appended, after compression",
     [](const StoreStats& stats) { return stats.stored_bytes; }},
    {"store_dictionary_saved_bytes", MetricType::kCounter, MetricUnit::kBytes,
     "bytes that dictionaries saved in the stored values",
     [](const StoreStats& stats) { return stats.dictionary_saved_bytes; }, "dictionary_saved_bytes"},
    {"store_appends", MetricType::kCounter, MetricUnit::kNumber, "records appended",
     [](const StoreStats& stats) { return stats.appends; }},
    {"store_flushes", MetricType::kCounter, MetricUnit::kNumber,
     "writes of the log to its disk, each with all appends that had gathered",
     [](const StoreStats& stats) { return stats.flushes; }},
    {"store_merges", MetricType::kCounter, MetricUnit::kNumber,
     "segments that were removed after a merge had copied their live records",
     [](const StoreStats& stats) { return stats.merges; }, "merges"},
    {"store_merged_bytes", MetricType::kCounter, MetricUnit::kBytes, "bytes that merges had to move",
     [](const StoreStats& stats) { return stats.merged_bytes; }},
    {"store_damaged_values", MetricType::kCounter, MetricUnit::kNumber,
     "values that a read or a merge found unreadable; other replicas must supply them again",
     [](const StoreStats& stats) { return stats.damaged_values; }, "damaged_values"},
};
inline constexpr std::size_t kStoreMetricCount = std::size(kStoreMetrics);

// The metrics of stores, summed over several stores or several lives of one.
class StoreSums {
 public:
  void add(const StoreStats& stats) noexcept {
    for (std::size_t i = 0; i < kStoreMetricCount; ++i) sums_[i] += kStoreMetrics[i].read(stats);
  }
  std::uint64_t operator[](std::size_t metric) const noexcept { return sums_[metric]; }
  // By the metric's name, which must be one of the table.
  template <std::size_t kLength>
  std::uint64_t of(const char (&name)[kLength]) const noexcept {
    std::size_t metric = 0;
    while (kStoreMetrics[metric].name != std::string_view(name)) ++metric;
    return sums_[metric];
  }

 private:
  std::array<std::uint64_t, kStoreMetricCount> sums_{};
};

}  // namespace dkv
