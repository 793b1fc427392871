#include <array>
#include <string_view>

#include "cli/bench/bench_cluster.h"
#include "cli/command.h"
#include "cli/options.h"
#include "engine/runtime/net/address.h"

namespace dkv::cli {
namespace {

constexpr std::array<std::string_view, 3> kProtocols = {"http", "redis", "etcd"};

class BenchCluster final : public Command {
  void declare(Options& options) override {
    options.texts("--at", arguments_.at, "HOST:PORT", "Servers that are already running; without it, starts its own");
    options.word("--protocol", protocol_, kProtocols, "The protocol of the servers at --at (http)");
    options.whole("--clients", arguments_.clients, "Connections, each with one request at a time (50)", 1u, 10'000u);
    options.whole("--value", arguments_.value_bytes, "Bytes of a value (100)", 1u, 16'000u);
    options.real("--rate", arguments_.rate_per_second, "Open loop: requests due each second; only with --at", 1.0,
                 10e6);
    options.whole("--keys", arguments_.keys, "Keys (100000)", std::uint64_t{1}, std::uint64_t{100'000'000});
    options.whole("--repetitions", arguments_.repetitions, "Of each measurement, interleaved; medians are shown (3)",
                  1u, 99u);
    options.duration("--time", arguments_.for_ns, "Duration of each measurement (3s)");
    options.text("--folder", arguments_.folder, "DIR",
                 "Parent of a temporary folder for the servers' files ($TMPDIR, or the current folder)");
    options.flag("--json", arguments_.json, "Print the numbers as one JSON object");
  }

  std::string check(const Options& options) override {
    for (const std::string& text : arguments_.at) {
      if (const auto address = parse_address(text); !address) return "--at: " + address.error().what;
    }
    const bool own = arguments_.at.empty();
    if (own && arguments_.rate_per_second > 0) return "--rate needs --at";
    if (own && options.given("--protocol")) return "--protocol needs --at";
    return {};
  }

  int run() override {
    if (protocol_ == "redis") arguments_.protocol = LoadProtocol::kRedis;
    if (protocol_ == "etcd") arguments_.protocol = LoadProtocol::kEtcd;
    return measure_cluster(arguments_);
  }

  ClusterBenchArguments arguments_;
  std::string protocol_ = "http";
};

}  // namespace

extern const CommandEntry kBenchCluster;
const CommandEntry kBenchCluster = {
    "bench cluster", "Measure real nodes under load, and compare them with redis and etcd if these are installed",
    "Examples:\n"
    "  distri-kv bench cluster --time 1s --repetitions 1\n"
    "  distri-kv bench cluster --at 127.0.0.1:8101 --rate 2000\n",
    &make_command<BenchCluster>};

}  // namespace dkv::cli
