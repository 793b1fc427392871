#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "cli/cluster/cluster_commands.h"
#include "cli/commands.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "engine/input/suggest.h"
#include "engine/runtime/disk/folder_lock.h"

namespace dkv::cli {
namespace {

constexpr TimeNs kRestartMaxNs = 60 * kSecond;

using Node = LocalCluster::Node;

int failed(const std::string& what) {
  fmt::print(stderr, "distri-kv: cluster: {}\n", what);
  return kFailed;
}

int stop(const LocalCluster& cluster) {
  bool all = true;
  const auto nodes = cluster.nodes();
  for (const Node& node : nodes) ask_to_end(node);
  for (const Node& node : nodes) {
    const bool was_dead = node.state == ProcessState::kGone;
    const bool ended = was_dead || await_end(node);
    fmt::print("{} {}\n", node.name, was_dead ? "did not run" : ended ? "ended" : "does not end, not even by SIGKILL");
    all = all && ended;
  }
  return all ? kAllHeld : kFailed;
}

int status(const LocalCluster& cluster, bool json) {
  bool all = true;
  for (const Node& node : cluster.nodes()) all = all && node_condition(node) == "serving";
  if (json) {
    fmt::print("{}\n", nodes_json(cluster));
  } else {
    Page page(stdout);
    page.line("Cluster in " + cluster.folder().string() + ":");
    page.blank();
    print_nodes(page, cluster);
  }
  return all ? kAllHeld : kFailed;
}

int signal_node(const Node& node, int signal, ProcessState wanted, const char* done) {
  if (!node.process || !send_signal(*node.process, signal)) {
    return failed(fmt::format("{0} does not run; start it: distri-kv cluster restart {0}", node.name));
  }
  if (!await_state(node, wanted)) return failed(node.name + " does not take the signal");
  fmt::print("{} {}\n", node.name, done);
  return kAllHeld;
}

int restart(const LocalCluster& cluster, const Node& node) {
  ask_to_end(node);
  if (node.state != ProcessState::kGone && !await_end(node)) return failed(node.name + " does not end");
  if (const auto spawned = cluster.spawn(node.name); !spawned) return failed(spawned.error().what);
  if (const std::string wrong = wait_until_ready(cluster, {node.name}, kRestartMaxNs); !wrong.empty()) {
    return failed(wrong);
  }
  fmt::print("{} serves again at http://{}\n", node.name, to_string(node.http));
  return kAllHeld;
}

int act(const LocalCluster& cluster, const ClusterArguments& arguments) {
  if (arguments.verb == ClusterVerb::kStop) return stop(cluster);
  const auto node = cluster.find(arguments.node);
  if (!node) {
    std::vector<std::string> names;
    for (const Node& known : cluster.nodes()) names.push_back(known.name);
    return cluster_refused(fmt::format("no node is called '{}': {}", arguments.node, suggest(arguments.node, names)));
  }
  switch (arguments.verb) {
    case ClusterVerb::kKill: return signal_node(*node, SIGKILL, ProcessState::kGone, "killed");
    case ClusterVerb::kPause: return signal_node(*node, SIGSTOP, ProcessState::kPaused, "stands still");
    case ClusterVerb::kResume: return signal_node(*node, SIGCONT, ProcessState::kRunning, "goes on");
    default: return restart(cluster, *node);
  }
}

}  // namespace

int cluster_command(const ClusterArguments& arguments) {
  const std::filesystem::path folder =
      arguments.folder.empty() ? LocalCluster::default_folder() : std::filesystem::absolute(arguments.folder);
  if (arguments.verb == ClusterVerb::kStart) return cluster_start(arguments, folder);
  const auto cluster = LocalCluster::open(folder);
  if (!cluster) return cluster_refused(cluster.error().what);
  if (!*cluster) {
    return cluster_refused("there is no cluster in " + folder.string() + "; make one: distri-kv cluster start");
  }
  if (arguments.verb == ClusterVerb::kStatus) return status(**cluster, arguments.json);
  const auto lock = FolderLock::take(folder);
  if (!lock) return cluster_refused(lock.error().what);
  return act(**cluster, arguments);
}

}  // namespace dkv::cli
