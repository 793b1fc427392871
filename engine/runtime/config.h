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

// The requests that are written to the log, one line each.
enum class RequestLog : std::uint8_t { kNone, kErrors, kAll };  // kErrors: answered with 500 or above

struct HttpLimits {
  std::uint32_t connections_max = 4096;
  std::uint32_t header_bytes_max = 32u << 10;
  std::uint64_t body_bytes_max = 16u << 20;
  TimeNs idle_ns = 60 * kSecond;            // between requests
  TimeNs request_ns = 30 * kSecond;         // from a request's first byte to its last
  TimeNs send_ns = 10 * kSecond;            // in each such time a client must take 64 KiB of its answers, or all
  std::uint64_t memory_bytes = 256u << 20;  // the budget for all clients: bodies, requests in progress, unsent answers
  std::uint32_t pipelined_max = 256;        // requests in progress at once on one connection
  // allow_origins: web pages that may use the node, in the form of http::read_origin(), or "*" alone. hosts: further
  // names of the node, in the form of http::read_host_name().
  std::vector<std::string> allow_origins, hosts;
};

struct ClusterMember {
  Member member;
  Address peer;  // for connections from peers; port 0 in a cluster of one
  Address http;  // for connections from clients
};

// The whole configuration of a real node (docs/operations.md).
struct ServerConfig {
  std::string cluster = "distri-kv";  // the name of the cluster
  NodeId self = 0;
  std::vector<ClusterMember> members;  // by id, 0..n-1: the `id` of each node, or its place in the file
  QuorumSettings quorum;
  NodeConfig node;  // without a placement; its id is self
  std::filesystem::path data;
  // The files of the secret of the cluster, see secret_file.h. Empty: none is named.
  std::filesystem::path secret_file;
  std::vector<std::filesystem::path> secret_files_accepted;
  HttpLimits http;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  RequestLog requests = RequestLog::kErrors;

  const ClusterMember& me() const { return members[self]; }
};

// The part that the object layer needs.
http::GatewaySettings gateway_settings(const ServerConfig& config, const ClusterSecrets& secrets);

// Settings from the command line, which override the file. Empty: none.
struct ServerOverrides {
  std::string node;
  std::string data;
  std::string secret_file;
  std::vector<std::string> sets;  // "path=value", as for scenarios
};

template <typename T>
using Configured = tl::expected<T, std::vector<Complaint>>;

// Fails with all mistakes that were found, ordered by place.
Configured<ServerConfig> load_server_config_file(const std::string& path, const ServerOverrides& overrides);
Configured<ServerConfig> load_server_config_text(std::string_view text, const std::string& file_name,
                                                 const ServerOverrides& overrides);
// The configuration without a file: one node on loopback, with its data in the user's state folder.
Configured<ServerConfig> default_server_config(const ServerOverrides& overrides);

// The folder for the state of the user's programs (XDG Base Directory Specification). Absolute, or "." without a
// home.
std::filesystem::path state_folder();

}  // namespace dkv
