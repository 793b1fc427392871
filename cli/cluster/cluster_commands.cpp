#include "cli/cluster/cluster_commands.h"

#include <fmt/format.h>

#include "cli/terminal/exit_status.h"
#include "engine/input/suggest.h"
#include "engine/runtime/disk/folder_lock.h"

namespace dkv::cli {

int cluster_failed(const std::string& what) {
  fmt::print(stderr, "distri-kv: cluster: {}\n", what);
  return kFailed;
}

std::filesystem::path cluster_folder(const std::string& text) {
  return text.empty() ? LocalCluster::default_folder() : std::filesystem::absolute(text);
}

void ClusterCommand::declare_folder(Options& options) {
  options.text("--folder", folder_text_, "DIR", "Configuration, data and logs (a folder in the user's state folder)");
}

int ClusterCommand::run() {
  const auto folder = cluster_folder(folder_text_);
  const auto cluster = LocalCluster::open(folder);
  if (!cluster) return cluster_refused(cluster.error().what);
  if (!*cluster) {
    return cluster_refused("there is no cluster in " + folder.string() + "; make one: distri-kv cluster start");
  }
  if (!locks()) return act(**cluster);
  const auto lock = FolderLock::take(folder);
  if (!lock) return cluster_refused(lock.error().what);
  return act(**cluster);
}

void NodeCommand::declare(Options& options) {
  options.argument("NODE", node_, "The node: n1, n2, ...");
  declare_folder(options);
}

int NodeCommand::act(const LocalCluster& cluster) {
  if (const auto node = cluster.find(node_)) return act_on(cluster, *node);
  std::vector<std::string> names;
  for (const LocalCluster::Node& known : cluster.nodes()) names.push_back(known.name);
  return cluster_refused(fmt::format("there is no node '{}': {}", node_, suggest(node_, names)));
}

}  // namespace dkv::cli
