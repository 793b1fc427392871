#include <csignal>
#include <cstdio>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/exit_status.h"
#include "engine/runtime/server.h"

namespace dkv::cli {
namespace {

int refuse(const std::string& what) {
  std::fprintf(stderr, "distri-kv: serve: %s\n", what.c_str());
  return kBadInput;
}

// Prints the first line on standard output: the address of the API, and a command to try. Scripts wait for this line.
void greet(const ServerConfig& config, const std::string& address) {
  std::printf("Node %s of cluster %s at http://%s, data in %s; try: curl http://%s/api/v1/kv/hello -X PUT -d world\n",
              config.me().member.name.c_str(), config.cluster.c_str(), address.c_str(), config.data.c_str(),
              address.c_str());
  std::fflush(stdout);
}

class Serve final : public Command {
  void declare(Options& options) override {
    options.text("--config", config_, "NODE.yaml", "The node's configuration (default: one node on loopback)");
    options.text("--node", overrides_.node, "NAME", "The name of this node in the configuration");
    options.text("--data", overrides_.data, "DIR", "The folder for its data");
    options.text("--secret-file", overrides_.secret_file, "FILE", "The file with the secret of the cluster");
    options.texts("--set", overrides_.sets, "PATH=VALUE",
                  "Change the configuration, for example cluster.w=1; may be repeated");
  }

  int run() override {
    auto config = config_.empty() ? default_server_config(overrides_) : load_server_config_file(config_, overrides_);
    if (!config) {
      std::fputs(to_string(config.error()).c_str(), stderr);
      return kBadInput;
    }
    // Without these signals, a lost connection is an error of write(), and a full file-size limit an error of an
    // append.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    while (true) {
      auto server = Server::start(*config);
      if (!server) return refuse(server.error().what);
      greet(*config, (*server)->http_address());
      const auto ran = (*server)->run();
      if (ran && *ran == Server::Ended::kTakeLater) continue;
      if (ran) return kAllHeld;
      std::fprintf(stderr, "distri-kv: serve: %s\n", ran.error().what.c_str());
      return kFailed;
    }
  }

  std::string config_;  // path; empty: one node on loopback
  ServerOverrides overrides_;
};

}  // namespace

extern const CommandEntry kServe;
const CommandEntry kServe = {"serve", "Run a node of a real cluster: TCP, a real disk, an HTTP API",
                             "Examples:\n"
                             "  distri-kv serve\n"
                             "  distri-kv serve --config node.yaml --node n2 --data /var/lib/distri-kv\n",
                             &make_command<Serve>};

}  // namespace dkv::cli
