#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/metric.h"
#include "engine/ports/observation.h"
#include "engine/protocol/client.h"
#include "engine/runtime/latency.h"

namespace dkv {

class Node;
class PeerLinks;
class ThreadedDisk;
struct ServerConfig;

// The longest turns of a node. A turn handles one event and carries out its effects. The node does nothing else
// meanwhile, so a long turn delays all waiting events.
class TurnLog {
 public:
  struct Turn {
    TimeNs took_ns = 0;
    TimeNs at_wall_ns = 0;    // its end, since the Unix epoch
    const char* event = "";   // a string literal: "timer", "client asked"
    const char* detail = "";  // the name of the message or the timer; may be empty
  };
  static constexpr std::size_t kKept = 10;

  // now_ns: monotonic, at the end of the turn.
  void add(const Turn& turn, TimeNs now_ns) {
    ++count_;
    const auto slot = static_cast<std::uint64_t>(now_ns / kSlotNs);
    if (slot != slot_) {
      for (std::uint64_t gone = slot_ + 1; gone <= slot && gone <= slot_ + kSlots; ++gone) slots_[gone % kSlots] = 0;
      slot_ = slot;
    }
    TimeNs& longest_ns = slots_[slot % kSlots];
    longest_ns = std::max(longest_ns, turn.took_ns);
    if (longest_.size() == kKept && turn.took_ns <= longest_.back().took_ns) return;
    const auto place = std::ranges::upper_bound(longest_, turn.took_ns, std::ranges::greater(), &Turn::took_ns);
    longest_.insert(place, turn);
    if (longest_.size() > kKept) longest_.pop_back();
  }

  std::uint64_t count() const noexcept { return count_; }
  const std::vector<Turn>& longest() const noexcept { return longest_; }  // since the start; longest first
  TimeNs longest_ns() const noexcept { return longest_.empty() ? 0 : longest_.front().took_ns; }
  // The longest turn of the 50 to 60 seconds before the last turn. Heartbeats give a serving node turns all the time.
  TimeNs longest_in_minute_ns() const noexcept { return *std::ranges::max_element(slots_); }

 private:
  static constexpr TimeNs kSlotNs = 10 * kSecond;
  static constexpr std::size_t kSlots = 6;

  std::uint64_t count_ = 0;
  std::uint64_t slot_ = 0;              // of the last turn: its time, counted in slots
  std::array<TimeNs, kSlots> slots_{};  // the longest turn of each of the last slots
  std::vector<Turn> longest_;
};

// The counts of a node's process, besides those of the node and its store. Used on the loop's thread only.
struct Metrics {
  TimeNs started_wall_ns = 0;
  ObservedCounts observed;
  TurnLog turns;
  struct Requests {
    std::array<std::uint64_t, kOutcomes> outcomes{};  // by Outcome
    LatencyHistogram latency;
  };
  std::array<Requests, kRequestKinds> requests;  // by RequestKind
  std::map<int, std::uint64_t> responses;        // by HTTP status
  std::uint64_t connections_open = 0;            // of clients
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused = 0;  // over the limit

  void answered(RequestKind kind, Outcome outcome, TimeNs took_ns) {
    Requests& of = requests[static_cast<std::size_t>(kind)];
    ++of.outcomes[static_cast<std::size_t>(outcome)];
    of.latency.add(took_ns);
  }
};

inline constexpr Metric<Metrics> kProcessMetrics[] = {
    {"start_time", MetricType::kGauge, MetricUnit::kNanoseconds, "when the process started, since the Unix epoch",
     [](const Metrics& metrics) { return static_cast<std::uint64_t>(metrics.started_wall_ns); }},
    {"turns", MetricType::kCounter, MetricUnit::kNumber, "turns of the node: events that it handled",
     [](const Metrics& metrics) { return metrics.turns.count(); }},
    {"turn_longest", MetricType::kGauge, MetricUnit::kNanoseconds, "the longest turn of the node since the start",
     [](const Metrics& metrics) { return static_cast<std::uint64_t>(metrics.turns.longest_ns()); }},
    {"turn_longest_in_minute", MetricType::kGauge, MetricUnit::kNanoseconds,
     "the longest turn of the node in the last minute",
     [](const Metrics& metrics) { return static_cast<std::uint64_t>(metrics.turns.longest_in_minute_ns()); }},
    {"http_connections", MetricType::kGauge, MetricUnit::kNumber, "open connections of clients",
     [](const Metrics& metrics) { return metrics.connections_open; }},
    {"http_connections_total", MetricType::kCounter, MetricUnit::kNumber, "connections accepted since the start",
     [](const Metrics& metrics) { return metrics.connections_total; }},
    {"http_connections_refused", MetricType::kCounter, MetricUnit::kNumber, "connections refused: too many were open",
     [](const Metrics& metrics) { return metrics.connections_refused; }},
};

// All sources of numbers in one node's process. Each part outlives this struct.
struct ServerView {
  const ServerConfig& config;
  const Node& node;
  const Metrics& metrics;
  const PeerLinks* links = nullptr;    // null in a cluster of one
  const ThreadedDisk* disk = nullptr;  // null with the memory backend
};

// The text format of Prometheus, version 0.0.4.
std::string prometheus_text(const ServerView& server_view);

}  // namespace dkv
