// A cluster of processes on this machine, and its folder:
//   cluster.yaml   its configuration, which a person may change between a stop and a start
//   overrides      PATH=VALUE from --set, one a line
//   SECRET         of the cluster, unless the configuration names another file
//   LOCK           held by commands that start or end nodes
//   n1/pid  n1/log  n1/data/
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/cluster/node_process.h"
#include "engine/core/result.h"
#include "engine/runtime/config.h"

namespace dkv::cli {

class LocalCluster {
 public:
  static std::filesystem::path default_folder();
  // Nothing when the folder holds no cluster. The error is text of one or more lines for a person.
  static Result<std::optional<LocalCluster>> open(const std::filesystem::path& folder);
  // Writes the configuration: nodes n1, n2, ... on loopback. There must be as many http_ports and peer_ports as
  // nodes.
  static Result<LocalCluster> create(const std::filesystem::path& folder, const std::vector<std::uint16_t>& http_ports,
                                     const std::vector<std::uint16_t>& peer_ports,
                                     const std::vector<std::string>& sets);

  struct Node {
    std::string name;
    Address http, peer;
    ProcessState state = ProcessState::kGone;
    std::optional<ProcessName> process;  // kept after the process has ended
  };
  // In the order of the configuration. Each call checks the processes again.
  std::vector<Node> nodes() const;
  std::optional<Node> find(const std::string& name) const;
  const ServerConfig& config() const noexcept { return config_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path log_of(const std::string& node) const { return folder_ / node / "log"; }

  // Replaces the overrides for nodes that start from now on.
  Result<void> set(const std::vector<std::string>& sets);
  // Makes the folder's SECRET if no other file is named and it is absent. The folder is locked.
  Result<void> ensure_secret() const;
  // Starts a node's process and records its id. The node is not ready yet.
  Result<ProcessName> spawn(const std::string& node) const;

 private:
  LocalCluster(std::filesystem::path folder, std::vector<std::string> sets, ServerConfig config)
      : folder_(std::move(folder)), sets_(std::move(sets)), config_(std::move(config)) {}
  std::filesystem::path config_file() const { return folder_ / "cluster.yaml"; }

  std::filesystem::path folder_;
  std::vector<std::string> sets_;
  ServerConfig config_;
};

}  // namespace dkv::cli
