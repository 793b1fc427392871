#include <fmt/format.h>

#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"

namespace dkv::cli {
namespace {

using Node = LocalCluster::Node;

class ClusterRestart final : public NodeCommand {
  int act_on(const LocalCluster& cluster, const Node& node) override {
    ask_to_end(node);
    if (node.state != ProcessState::kGone && !await_end(node)) return cluster_failed(node.name + " does not end");
    if (const auto spawned = cluster.spawn(node.name); !spawned) return cluster_failed(spawned.error().what);
    if (const std::string wrong = wait_until_ready(cluster, {node.name}, kReadyMaxNs); !wrong.empty()) {
      return cluster_failed(wrong);
    }
    fmt::print("{} serves again at http://{}\n", node.name, to_string(node.http));
    return kAllHeld;
  }
};

}  // namespace

extern const CommandEntry kClusterRestart;
const CommandEntry kClusterRestart = {"cluster restart",
                                      "Start a node again on the same data; if it runs, stop it first",
                                      "Example:\n  distri-kv cluster restart n2\n", &make_command<ClusterRestart>};

}  // namespace dkv::cli
