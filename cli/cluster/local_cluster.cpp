#include "cli/cluster/local_cluster.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "engine/runtime/secret_file.h"

namespace dkv::cli {
namespace {

constexpr const char* kOverridesName = "overrides";

Result<void> write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return fail("can't write " + file.string());
  return {};
}

std::vector<std::string> read_lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

Result<ServerConfig> load(const std::filesystem::path& file, const std::vector<std::string>& sets) {
  auto config = load_server_config_file(file.string(), {.node = {}, .data = ".", .sets = sets});
  if (config) return std::move(*config);
  std::string text = to_string(config.error());
  while (text.ends_with('\n')) text.pop_back();
  return fail(std::move(text));
}

Result<void> write_sets(const std::filesystem::path& folder, const std::vector<std::string>& sets) {
  std::string text;
  for (const std::string& set : sets) {
    if (set.find('\n') != std::string::npos) return fail("--set: write a value of several lines into cluster.yaml");
    text += set + "\n";
  }
  return write_text(folder / kOverridesName, text);
}

}  // namespace

std::filesystem::path LocalCluster::default_folder() {
  return std::filesystem::absolute(state_folder()) / "distri-kv" / "cluster";
}

Result<std::optional<LocalCluster>> LocalCluster::open(const std::filesystem::path& folder) {
  const std::filesystem::path whole = std::filesystem::absolute(folder);
  std::error_code error;
  if (!std::filesystem::exists(whole / "cluster.yaml", error)) return std::optional<LocalCluster>();
  std::vector<std::string> sets = read_lines(whole / kOverridesName);
  auto config = load(whole / "cluster.yaml", sets);
  if (!config) return tl::unexpected(config.error());
  return LocalCluster(whole, std::move(sets), std::move(*config));
}

Result<LocalCluster> LocalCluster::create(const std::filesystem::path& folder,
                                          const std::vector<std::uint16_t>& http_ports,
                                          const std::vector<std::uint16_t>& peer_ports,
                                          const std::vector<std::string>& sets) {
  const std::filesystem::path whole = std::filesystem::absolute(folder);
  std::string text =
      "# Read at the start of each node (docs/operations.md). Never reorder the nodes.\n"
      "node: n1  # for commands; each process is told its own\n"
      "cluster:\n  name: local\n  nodes:\n";
  for (std::size_t i = 0; i < http_ports.size(); ++i) {
    text += fmt::format("    - {{name: n{}, http: 127.0.0.1:{}, peer: 127.0.0.1:{}}}\n", i + 1, http_ports[i],
                        peer_ports[i]);
  }
  // With wrong overrides no file is left behind: otherwise the next start would find a cluster.
  auto config = load_server_config_text(text, "cluster.yaml", {.node = {}, .data = ".", .sets = sets});
  if (!config) {
    std::string what = to_string(config.error());
    while (what.ends_with('\n')) what.pop_back();
    return fail(std::move(what));
  }
  if (const auto wrote = write_sets(whole, sets); !wrote) return tl::unexpected(wrote.error());
  if (const auto wrote = write_text(whole / "cluster.yaml", text); !wrote) return tl::unexpected(wrote.error());
  return LocalCluster(whole, sets, std::move(*config));
}

std::vector<LocalCluster::Node> LocalCluster::nodes() const {
  std::vector<Node> all;
  for (const ClusterMember& member : config_.members) {
    Node node{.name = member.member.name, .http = member.http, .peer = member.peer, .state = {}, .process = {}};
    node.process = read_pid_file(folder_ / node.name / "pid");
    node.state = node.process ? state_of(*node.process) : ProcessState::kGone;
    all.push_back(std::move(node));
  }
  return all;
}

std::optional<LocalCluster::Node> LocalCluster::find(const std::string& name) const {
  const auto all = nodes();
  const auto found = std::ranges::find(all, name, &Node::name);
  return found == all.end() ? std::nullopt : std::optional<Node>(*found);
}

Result<void> LocalCluster::set(const std::vector<std::string>& sets) {
  auto config = load(config_file(), sets);
  if (!config) return tl::unexpected(config.error());
  if (const auto wrote = write_sets(folder_, sets); !wrote) return wrote;
  sets_ = sets;
  config_ = std::move(*config);
  return {};
}

Result<void> LocalCluster::ensure_secret() const {
  if (!config_.secret_file.empty()) return {};
  const auto secret = own_secret(folder_);
  if (!secret) return tl::unexpected(secret.error());
  return {};
}

Result<ProcessName> LocalCluster::spawn(const std::string& node) const {
  const std::filesystem::path own = folder_ / node;
  std::error_code error;
  std::filesystem::create_directories(own, error);
  if (error) return fail("can't make " + own.string() + ": " + error.message());
  std::vector<std::string> arguments = {"serve", "--config", config_file().string(), "--node",
                                        node,    "--data",   (own / "data").string()};
  if (config_.secret_file.empty()) {
    arguments.insert(arguments.end(), {"--secret-file", (folder_ / kOwnSecretName).string()});
  }
  for (const std::string& set : sets_) arguments.insert(arguments.end(), {"--set", set});
  const auto process = spawn_detached(arguments, log_of(node));
  if (!process) return process;
  if (const auto noted = write_pid_file(own / "pid", *process); !noted) {
    send_signal(*process, SIGKILL);
    return tl::unexpected(noted.error());
  }
  return process;
}

}  // namespace dkv::cli
