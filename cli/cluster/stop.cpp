#include <fmt/format.h>

#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"

namespace dkv::cli {
namespace {

using Node = LocalCluster::Node;

class ClusterStop final : public ClusterCommand {
  void declare(Options& options) override { declare_folder(options); }

  int act(const LocalCluster& cluster) override {
    bool all = true;
    const auto nodes = cluster.nodes();
    for (const Node& node : nodes) ask_to_end(node);
    for (const Node& node : nodes) {
      const bool was_dead = node.state == ProcessState::kGone;
      const bool ended = was_dead || await_end(node);
      fmt::print("{} {}\n", node.name,
                 was_dead ? "was not running"
                 : ended  ? "ended"
                          : "does not end, not even by SIGKILL");
      all = all && ended;
    }
    return all ? kAllHeld : kFailed;
  }
};

}  // namespace

extern const CommandEntry kClusterStop;
const CommandEntry kClusterStop = {"cluster stop", "End the nodes: SIGTERM, then SIGKILL if that does not help", "",
                                   &make_command<ClusterStop>};

}  // namespace dkv::cli
