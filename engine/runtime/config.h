#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "engine/core/placement.h"
#include "engine/gateway/settings.h"
#include "engine/input/complaint.h"
#include "engine/node/config.h"
#include "engine/runtime/logger.h"
#include "engine/runtime/net/address.h"
#include "engine/settings/settings.h"

namespace dkv {

// Which requests are written to the log, a line each.
enum class RequestLog : std::uint8_t { kNone, kErrors, kAll };  // kErrors: answered with 500 or above

struct HttpLimits {
  std::uint32_t connections_max = 4096;
  std::uint32_t header_bytes_max = 32u << 10;
  std::uint64_t body_bytes_max = 16u << 20;
  TimeNs idle_ns = 60 * kSecond;            // between requests
  TimeNs request_ns = 30 * kSecond;         // from a request's first byte to its last
  TimeNs send_ns = 10 * kSecond;            // a client must take 64 KiB of its answers, or all, in each such time
  std::uint64_t memory_bytes = 256u << 20;  // held for all clients: bodies, requests in progress, unsent answers
  std::uint32_t pipelined_max = 256;        // requests of a connection in progress at once
  // Web pages that may use the node, as http::read_origin() gives them, or "*" alone; and further names of the node, as
  // http::read_host_name() gives them.
  std::vector<std::string> allow_origins, hosts;
};

struct ClusterMember {
  Member member;
  Address peer;  // where its peers reach it; port 0 in a cluster of one
  Address http;  // where clients reach it
};

// All that a real node is told at its start (docs/operations.md).
struct ServerConfig {
  std::string cluster = "distri-kv";  // its name
  NodeId self = 0;
  std::vector<ClusterMember> members;  // ids 0..n-1 in the file's order: never reorder, add at the end
  QuorumSettings quorum;
  NodeConfig node;  // without placement; id is self
  std::filesystem::path data;
  HttpLimits http;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  RequestLog requests = RequestLog::kErrors;

  const ClusterMember& me() const { return members[self]; }
};

// The part that the object layer needs.
http::GatewaySettings gateway_settings(const ServerConfig& config);

// What the command line says beside the file; empty: nothing.
struct ServerOverrides {
  std::string node;
  std::string data;
  std::vector<std::string> sets;  // "path=value", as for scenarios
};

template <typename T>
using Configured = tl::expected<T, std::vector<Complaint>>;

// Fails with all mistakes that can be found at once, by place.
Configured<ServerConfig> load_server_config_file(const std::string& path, const ServerOverrides& overrides);
Configured<ServerConfig> load_server_config_text(std::string_view text, const std::string& file_name,
                                                 const ServerOverrides& overrides);
// Without a file: one node on loopback, with its data in the user's state folder.
Configured<ServerConfig> default_server_config(const ServerOverrides& overrides);

// Where the user's programs keep their state (XDG Base Directory Specification): absolute, or "." without a home.
std::filesystem::path state_folder();

}  // namespace dkv
