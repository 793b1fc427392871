#pragma once

#include "cli/arguments.h"
#include "cli/cluster/local_cluster.h"
#include "cli/terminal/page.h"

namespace dkv::cli {

int cluster_start(const ClusterArguments& arguments, const std::filesystem::path& folder);

// What the commands have in common.
int cluster_refused(const std::string& what);
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
