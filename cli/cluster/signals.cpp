#include <fmt/format.h>
#include <signal.h>

#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"

namespace dkv::cli {
namespace {

using Node = LocalCluster::Node;

int signal_node(const Node& node, int signal, ProcessState wanted, const char* done) {
  if (!node.process || !send_signal(*node.process, signal)) {
    return cluster_failed(fmt::format("{0} is not running; start it: distri-kv cluster restart {0}", node.name));
  }
  if (!await_state(node, wanted)) return cluster_failed(node.name + " does not react to the signal");
  fmt::print("{} {}\n", node.name, done);
  return kAllHeld;
}

class Kill final : public NodeCommand {
  int act_on(const LocalCluster&, const Node& node) override {
    return signal_node(node, SIGKILL, ProcessState::kGone, "killed");
  }
};

class Pause final : public NodeCommand {
  int act_on(const LocalCluster&, const Node& node) override {
    return signal_node(node, SIGSTOP, ProcessState::kPaused, "is paused");
  }
};

class Resume final : public NodeCommand {
  int act_on(const LocalCluster&, const Node& node) override {
    return signal_node(node, SIGCONT, ProcessState::kRunning, "is running again");
  }
};

}  // namespace

extern const CommandEntry kClusterKill, kClusterPause, kClusterResume;
const CommandEntry kClusterKill = {"cluster kill", "Crash a node: SIGKILL", "Example:\n  distri-kv cluster kill n2\n",
                                   &make_command<Kill>};
const CommandEntry kClusterPause = {"cluster pause", "Pause a node (SIGSTOP); its peers cannot tell why it is silent",
                                    "Example:\n  distri-kv cluster pause n2\n", &make_command<Pause>};
const CommandEntry kClusterResume = {"cluster resume", "Resume a paused node (SIGCONT)",
                                     "Example:\n  distri-kv cluster resume n2\n", &make_command<Resume>};

}  // namespace dkv::cli
