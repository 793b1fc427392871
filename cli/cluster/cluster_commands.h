#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/cluster/local_cluster.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/page.h"

namespace dkv::cli {

// A command over the cluster of one folder on this machine.
class ClusterCommand : public Command {
 public:
  int run() final;

 protected:
  void declare_folder(Options& options);
  // With the folder's lock where `locks` says so. Answers with the exit status.
  virtual int act(const LocalCluster& cluster) = 0;
  virtual bool locks() const { return true; }

  std::string folder_text_;  // empty: below the user's state folder
};

// A command over one node of it: NODE.
class NodeCommand : public ClusterCommand {
 protected:
  void declare(Options& options) override;
  int act(const LocalCluster& cluster) final;
  virtual int act_on(const LocalCluster& cluster, const LocalCluster::Node& node) = 0;

 private:
  std::string node_;
};

inline constexpr TimeNs kReadyMaxNs = 60 * kSecond;  // for a node that starts

// The folder that --folder names.
std::filesystem::path cluster_folder(const std::string& text);

// What the commands have in common.
// Complaints on standard error; they answer with the exit status for bad input, and for what could not be done.
int cluster_refused(const std::string& what);
int cluster_failed(const std::string& what);
// A node as it is now: "serving", "starting", "paused", "dead", or what else its /ready says.
std::string node_condition(const LocalCluster::Node& node);
void print_nodes(Page& page, const LocalCluster& cluster);
std::string nodes_json(const LocalCluster& cluster);

// Waits until the nodes that run serve and see each other; in time_ns at most. Empty, or what went wrong.
std::string wait_until_ready(const LocalCluster& cluster, const std::vector<std::string>& nodes, TimeNs time_ns);
// Ends a node in two steps: a second SIGTERM would end it before it has answered what it was asked.
void ask_to_end(const LocalCluster::Node& node);
// SIGKILL when it has not ended in time. False when not even that helps.
bool await_end(const LocalCluster::Node& node);
// After a signal: whether the node's process gets into this state, in a few seconds.
bool await_state(const LocalCluster::Node& node, ProcessState state);
// The last lines of a node's log.
std::string log_tail(const LocalCluster& cluster, const std::string& node);

}  // namespace dkv::cli
