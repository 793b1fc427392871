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

// A command for the cluster in one folder on this machine.
class ClusterCommand : public Command {
 public:
  int run() final;

 protected:
  void declare_folder(Options& options);
  // Does the work, with the folder's lock held if locks() says so. Returns the exit status.
  virtual int act(const LocalCluster& cluster) = 0;
  virtual bool locks() const { return true; }

  std::string folder_text_;  // empty: a folder in the user's state folder
};

// A command for one of its nodes: NODE.
class NodeCommand : public ClusterCommand {
 protected:
  void declare(Options& options) override;
  int act(const LocalCluster& cluster) final;
  virtual int act_on(const LocalCluster& cluster, const LocalCluster::Node& node) = 0;

 private:
  std::string node_;
};

inline constexpr TimeNs kReadyMaxNs = 60 * kSecond;  // the longest start of a node

// The folder from --folder.
std::filesystem::path cluster_folder(const std::string& text);

// Both print an error to standard error. They return the exit statuses for bad input and for a failure.
int cluster_refused(const std::string& what);
int cluster_failed(const std::string& what);
// The present state of a node: "serving", "starting", "paused", "dead", or another state from its /ready.
std::string node_condition(const LocalCluster::Node& node);
void print_nodes(Page& page, const LocalCluster& cluster);
std::string nodes_json(const LocalCluster& cluster);

// Waits until the running nodes serve and see each other, for at most time_ns. Empty, or the error.
std::string wait_until_ready(const LocalCluster& cluster, const std::vector<std::string>& nodes, TimeNs time_ns);
// Sends SIGTERM, only once: a second one would end the node before it has answered its requests.
void ask_to_end(const LocalCluster::Node& node);
// Waits for the end, and sends SIGKILL when it takes too long. False when even that does not help.
bool await_end(const LocalCluster::Node& node);
// Waits a few seconds after a signal. Returns whether the process has reached the state.
bool await_state(const LocalCluster::Node& node, ProcessState state);
// The last lines of a node's log.
std::string log_tail(const LocalCluster& cluster, const std::string& node);

}  // namespace dkv::cli
