// The arguments of the commands that talk to real nodes or run them.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"

namespace CLI {
class App;
}

namespace dkv::cli {

// What the options parse into before they are checked.
struct RealBound {
  ClientArguments client;
  ClusterArguments cluster;
  std::string timeout;
  std::string cluster_what;
  std::uint32_t cluster_nodes = 0;
  std::uint16_t cluster_port = 0;
};

void add_real(CLI::App& app, RealBound& bound);

struct CheckedReal {
  Arguments arguments;
  std::string complaint;  // empty: the arguments are fine
};
// Nothing when the command is none of these.
std::optional<CheckedReal> checked_real(const CLI::App& command, RealBound& bound);

}  // namespace dkv::cli
