#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "cli/cluster/cluster_commands.h"
#include "cli/cluster/ports.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"
#include "engine/runtime/disk/folder_lock.h"

namespace dkv::cli {
namespace {

constexpr std::uint32_t kNodesDefault = 3;
constexpr std::uint16_t kPortDefault = 8101;
constexpr std::uint16_t kPeerPortsBehind = 100;  // a peer port is the HTTP port plus this
constexpr int kPortTries = 5;
constexpr std::uint32_t kNodesMax = 64;
constexpr std::uint16_t kPortMax = 65'000;

struct StartArguments {
  std::string folder;                  // empty: a folder in the user's state folder
  std::optional<std::uint32_t> nodes;  // not set: those of the folder, or kNodesDefault
  std::optional<std::uint16_t> port;   // of the first node; 0: any free ports
  std::vector<std::string> sets;       // "path=value", as for serve
  bool json = false;
};

struct Ports {
  std::vector<std::uint16_t> http, peer;
};

Ports choose_ports(std::uint32_t nodes, std::uint16_t first) {
  Ports ports;
  if (first == 0) {
    const auto any = free_ports(std::size_t{2} * nodes);
    ports.http.assign(any.begin(), any.begin() + nodes);
    ports.peer.assign(any.begin() + nodes, any.end());
    return ports;
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {
    ports.http.push_back(static_cast<std::uint16_t>(first + i));
    ports.peer.push_back(static_cast<std::uint16_t>(first + kPeerPortsBehind + i));
  }
  return ports;
}

tl::unexpected<Error> taken(std::uint16_t port) {
  return fail(
      fmt::format("port {} is used by another process; choose another first port: --port N, or any: --port 0", port));
}

Result<void> check_ports(const LocalCluster& cluster) {
  for (const LocalCluster::Node& node : cluster.nodes()) {
    for (const Address& address : {node.http, node.peer}) {
      if (address.host != "127.0.0.1" || port_is_free(address.port)) continue;
      return taken(address.port);
    }
  }
  return {};
}

Result<LocalCluster> make(const StartArguments& arguments, const std::filesystem::path& folder) {
  const std::uint16_t first = arguments.port.value_or(kPortDefault);
  const Ports ports = choose_ports(arguments.nodes.value_or(kNodesDefault), first);
  for (const auto* list : {&ports.http, &ports.peer}) {
    for (const std::uint16_t port : *list) {
      if (!port_is_free(port)) return taken(port);
    }
  }
  return LocalCluster::create(folder, ports.http, ports.peer, arguments.sets);
}

// Starts an existing cluster. Settings that its data depends on cannot change.
Result<LocalCluster> reopen(const StartArguments& arguments, LocalCluster cluster) {
  const auto nodes = cluster.nodes();
  const std::string where = cluster.folder().string();
  std::vector<std::string> running;
  for (const LocalCluster::Node& node : nodes) {
    if (node.state != ProcessState::kGone) running.push_back(node.name);
  }
  if (!running.empty()) {
    return fail(
        fmt::format("a cluster is already running in {} ({}); see it: distri-kv cluster status, end it: distri-kv "
                    "cluster stop",
                    where, listed(running)));
  }
  if (arguments.nodes && *arguments.nodes != nodes.size()) {
    return fail(fmt::format("{} holds a cluster of {} with its data; start it without --nodes, or remove the folder",
                            where, counted(nodes.size(), "node")));
  }
  if (arguments.port && *arguments.port != 0 && *arguments.port != nodes.front().http.port) {
    return fail(
        fmt::format("the cluster in {0} begins at port {1}; start it without --port, or change {0}/cluster.yaml", where,
                    nodes.front().http.port));
  }
  if (!arguments.sets.empty()) {
    if (const auto set = cluster.set(arguments.sets); !set) return tl::unexpected(set.error());
  }
  if (const auto free = check_ports(cluster); !free) return tl::unexpected(free.error());
  return cluster;
}

Result<LocalCluster> prepare(const StartArguments& arguments, const std::filesystem::path& folder) {
  auto found = LocalCluster::open(folder);
  if (!found) return tl::unexpected(found.error());
  if (*found) return reopen(arguments, std::move(**found));
  return make(arguments, folder);
}

Result<void> start_all(const LocalCluster& cluster) {
  if (const auto secret = cluster.ensure_secret(); !secret) return secret;
  std::vector<std::string> names;
  Result<void> outcome;
  for (const LocalCluster::Node& node : cluster.nodes()) {
    if (const auto spawned = cluster.spawn(node.name); !spawned) {
      outcome = fail(node.name + ": " + spawned.error().what);
      break;
    }
    names.push_back(node.name);
  }
  if (outcome) {
    std::string wrong = wait_until_ready(cluster, names, kReadyMaxNs);
    if (wrong.empty()) return {};
    outcome = fail(std::move(wrong));
  }
  const auto begun = cluster.nodes();
  for (const LocalCluster::Node& node : begun) ask_to_end(node);
  for (const LocalCluster::Node& node : begun) await_end(node);
  return outcome;
}

void say_what_to_try(Page& page, const LocalCluster& cluster, bool default_folder) {
  const auto nodes = cluster.nodes();
  const std::string at = default_folder ? "" : " --at " + to_string(nodes.front().http);
  const std::string folder = default_folder ? "" : " --folder " + cluster.folder().string();
  page.blank();
  page.line("  Try:", Tone::kStrong);
  page.line("    distri-kv put hello world" + at);
  page.line("    curl http://" + to_string(nodes.back().http) + "/api/v1/kv/hello");
  page.line("    distri-kv explain hello" + at);
  if (nodes.size() > 1) {
    page.line("    distri-kv cluster kill n2" + folder + "     # writes still succeed; restart n2 brings it back");
  }
  page.line("    distri-kv cluster stop" + folder);
}

int start_cluster(const StartArguments& arguments) {
  const auto folder = cluster_folder(arguments.folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return cluster_refused("can't make " + folder.string() + ": " + error.message());
  const auto lock = FolderLock::take(folder);
  if (!lock) return cluster_refused(lock.error().what);
  const bool fresh = !std::filesystem::exists(folder / "cluster.yaml");
  for (int tries = 1;; ++tries) {
    const auto cluster = prepare(arguments, folder);
    if (!cluster) return cluster_refused(cluster.error().what);
    const auto started = start_all(*cluster);
    if (started) {
      if (arguments.json) return fmt::print("{}\n", nodes_json(*cluster)), kAllHeld;
      Page page(stdout);
      page.line(fmt::format("A cluster of {} runs in {}:", counted(cluster->nodes().size(), "node"),
                            cluster->folder().string()));
      page.blank();
      print_nodes(page, *cluster);
      say_what_to_try(page, *cluster, arguments.folder.empty());
      return kAllHeld;
    }
    // Another process may have taken a free port since it was found.
    if (!fresh || arguments.port != 0 || tries == kPortTries) {
      return cluster_failed(started.error().what);
    }
    std::filesystem::remove(folder / "cluster.yaml", error);
  }
}

class ClusterStart final : public Command {
  void declare(Options& options) override {
    options.whole("--nodes", arguments_.nodes, "Number of nodes (3)", 1u, kNodesMax);
    options.whole("--port", arguments_.port, "The first node's HTTP port (8101); 0: any free ports", std::uint16_t{0},
                  kPortMax);
    options.text("--folder", arguments_.folder, "DIR",
                 "Configuration, data and logs (a folder in the user's state folder)");
    options.texts("--set", arguments_.sets, "PATH=VALUE",
                  "Change the configuration, for example cluster.w=1; may be repeated");
    options.flag("--json", arguments_.json, "Print one JSON object");
  }

  std::string check(const Options&) override {
    const bool reserved = arguments_.port && *arguments_.port != 0 && *arguments_.port < 1024;
    return reserved ? "--port is 0, or 1024 to 65000" : "";
  }

  int run() override { return start_cluster(arguments_); }

  StartArguments arguments_;
};

}  // namespace

extern const CommandEntry kClusterStart;
const CommandEntry kClusterStart = {"cluster start", "Start the nodes as processes, and wait until they serve",
                                    "Example:\n"
                                    "  distri-kv cluster start --nodes 5 --set cluster.n=3 --set log.requests=all\n",
                                    &make_command<ClusterStart>};

}  // namespace dkv::cli
