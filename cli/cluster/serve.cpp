#include <csignal>
#include <cstdio>

#include "cli/commands.h"
#include "cli/terminal/exit_status.h"
#include "engine/runtime/server.h"

namespace dkv::cli {
namespace {

int refuse(const std::string& what) {
  std::fprintf(stderr, "distri-kv: serve: %s\n", what.c_str());
  return kBadInput;
}

// The first line on standard output: where the API is and what to try. Scripts wait for it.
void greet(const ServerConfig& config, const std::string& address) {
  std::printf("Node %s of cluster %s at http://%s, data in %s; try: curl http://%s/api/v1/kv/hello -X PUT -d world\n",
              config.me().member.name.c_str(), config.cluster.c_str(), address.c_str(), config.data.c_str(),
              address.c_str());
  std::fflush(stdout);
}

}  // namespace

int serve_command(const ServeArguments& arguments) {
  auto config = arguments.config.empty() ? default_server_config(arguments.overrides)
                                         : load_server_config_file(arguments.config, arguments.overrides);
  if (!config) {
    std::fputs(to_string(config.error()).c_str(), stderr);
    return kBadInput;
  }
  // A peer or client that goes away is an error of a write; a file over the limit of its size an error of an append.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  auto server = Server::start(*config);
  if (!server) return refuse(server.error().what);
  greet(*config, (*server)->http_address());
  if (const auto ran = (*server)->run(); !ran) {
    std::fprintf(stderr, "distri-kv: serve: %s\n", ran.error().what.c_str());
    return kFailed;
  }
  return kAllHeld;
}

}  // namespace dkv::cli
