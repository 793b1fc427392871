#include <fmt/format.h>

#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"

namespace dkv::cli {
namespace {

class ClusterStatus final : public ClusterCommand {
  void declare(Options& options) override {
    declare_folder(options);
    options.flag("--json", json_, "Print one JSON object");
  }

  bool locks() const override { return false; }

  int act(const LocalCluster& cluster) override {
    bool all = true;
    for (const LocalCluster::Node& node : cluster.nodes()) all = all && node_condition(node) == "serving";
    if (json_) {
      fmt::print("{}\n", nodes_json(cluster));
    } else {
      Page page(stdout);
      page.line("Cluster in " + cluster.folder().string() + ":");
      page.blank();
      print_nodes(page, cluster);
    }
    return all ? kAllHeld : kFailed;
  }

  bool json_ = false;
};

}  // namespace

extern const CommandEntry kClusterStatus;
const CommandEntry kClusterStatus = {"cluster status", "Show the nodes, their addresses and their states",
                                     "Exit status: 0 all nodes serve; 1 some do not; 2 there is no cluster.\n",
                                     &make_command<ClusterStatus>};

}  // namespace dkv::cli
