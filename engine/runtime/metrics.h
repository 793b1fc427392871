#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "engine/ports/observation.h"
#include "engine/protocol/client.h"
#include "engine/runtime/latency.h"

namespace dkv {

class Node;
class PeerLinks;
class ThreadedDisk;
struct ServerConfig;

// What a node's process counts. On the loop's thread.
struct Metrics {
  TimeNs started_wall_ns = 0;
  std::array<std::uint64_t, 32> observed{};  // by Observed
  struct Requests {
    std::array<std::uint64_t, 3> outcomes{};  // by Outcome
    LatencyHistogram latency;
  };
  std::array<Requests, 3> requests;        // by RequestKind
  std::map<int, std::uint64_t> responses;  // by HTTP status
  std::uint64_t connections_open = 0;      // of clients
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused = 0;  // over the limit

  void observe(const Observation& observation) { ++observed[static_cast<std::size_t>(observation.what) % 32]; }
  void answered(RequestKind kind, Outcome outcome, TimeNs took_ns) {
    Requests& of = requests[static_cast<std::size_t>(kind)];
    ++of.outcomes[static_cast<std::size_t>(outcome)];
    of.latency.add(took_ns);
  }
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

const char* request_kind_name(RequestKind kind) noexcept;
const char* outcome_name(Outcome outcome) noexcept;

}  // namespace dkv
