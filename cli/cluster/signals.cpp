#include <fmt/format.h>
#include <signal.h>

#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"

namespace dkv::cli {
namespace {

using Node = LocalCluster::Node;

int signal_node(const Node& node, int signal, ProcessState wanted, const char* done) {
  if (!node.process || !send_signal(*node.process, signal)) {
    return cluster_failed(fmt::format("{0} does not run; start it: distri-kv cluster restart {0}", node.name));
  }
  if (!await_state(node, wanted)) return cluster_failed(node.name + " does not take the signal");
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
    return signal_node(node, SIGSTOP, ProcessState::kPaused, "stands still");
  }
};

class Resume final : public NodeCommand {
  int act_on(const LocalCluster&, const Node& node) override {
    return signal_node(node, SIGCONT, ProcessState::kRunning, "goes on");
  }
};

}  // namespace

extern const CommandEntry kClusterKill, kClusterPause, kClusterResume;
const CommandEntry kClusterKill = {"cluster kill", "Crash a node: SIGKILL", "Example:\n  distri-kv cluster kill n2\n",
                                   &make_command<Kill>};
const CommandEntry kClusterPause = {"cluster pause", "Let a node stand still (SIGSTOP); its peers do not know why",
                                    "Example:\n  distri-kv cluster pause n2\n", &make_command<Pause>};
const CommandEntry kClusterResume = {"cluster resume", "Let a paused node go on (SIGCONT)",
                                     "Example:\n  distri-kv cluster resume n2\n", &make_command<Resume>};

}  // namespace dkv::cli
