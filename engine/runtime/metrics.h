#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "engine/core/metric.h"
#include "engine/ports/observation.h"
#include "engine/protocol/client.h"
#include "engine/runtime/latency.h"

namespace dkv {

class Node;
class PeerLinks;
class ThreadedDisk;
struct ServerConfig;

// What a node's process counts beside what its node and its store know of themselves. On the loop's thread.
struct Metrics {
  TimeNs started_wall_ns = 0;
  ObservedCounts observed;
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
    {"http_connections", MetricType::kGauge, MetricUnit::kNumber, "open connections of clients",
     [](const Metrics& metrics) { return metrics.connections_open; }},
    {"http_connections_total", MetricType::kCounter, MetricUnit::kNumber, "connections taken since the start",
     [](const Metrics& metrics) { return metrics.connections_total; }},
    {"http_connections_refused", MetricType::kCounter, MetricUnit::kNumber, "connections refused: too many were open",
     [](const Metrics& metrics) { return metrics.connections_refused; }},
};

// All that there is to look at in one node's process; each part outlives this.
struct Panorama {
  const ServerConfig& config;
  const Node& node;
  const Metrics& metrics;
  const PeerLinks* links = nullptr;    // null in a cluster of one
  const ThreadedDisk* disk = nullptr;  // null with the memory backend
};

// The text format of Prometheus, version 0.0.4.
std::string prometheus_text(const Panorama& panorama);

}  // namespace dkv
