#include <fmt/format.h>

#include "cli/bench/bench_sim.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/run/result_json.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

void print_json(const SimBenchArguments& arguments, const SimSpeed& speed) {
  const Json json = {{"bench", "sim"},
                     {"build", build_text()},
                     {"nodes", arguments.nodes},
                     {"keys", arguments.keys},
                     {"repetitions", arguments.repetitions},
                     {"events", speed.events},
                     {"events_per_second", speed.events_per_second},
                     {"wall_events_per_second", speed.wall_events_per_second},
                     {"ns_per_event",
                      {{"total", speed.total_ns},
                       {"queue", speed.queue_ns},
                       {"codec", speed.codec_ns},
                       {"oracles", speed.oracles_ns},
                       {"storage", speed.storage_ns},
                       {"rest", speed.rest_ns}}},
                     {"sim_seconds_per_second", speed.sim_seconds_per_second},
                     {"operations_per_second", speed.operations_per_second},
                     {"pending_events", speed.pending_events},
                     {"peak_rss_bytes", speed.peak_rss_bytes}};
  fmt::print("{}\n", json_line(json));
}

void print_table(const SimBenchArguments& arguments, const SimSpeed& speed) {
  Page page(stdout);
  page.line(
      fmt::format(
          "bench sim: {} nodes, n=3 r=2 w=2, {}, 64 clients, half gets, half puts of 100 bytes with their contexts",
          arguments.nodes, counted(arguments.keys, "key")),
      Tone::kStrong);
  page.line(fmt::format("  {} each, {}, medians of CPU time on one core", counted(speed.events, "event"),
                        counted(arguments.repetitions, "repetition")));
  page.blank();
  const auto row = [&](const char* name, double value, const char* meaning) {
    page.line(fmt::format("  {:<22}{:>12}   {}", name, rate(value), meaning));
  };
  row("events a second", speed.events_per_second, "with all oracles and the codec on");
  row("  by the wall clock", speed.wall_events_per_second, "lower when the machine is shared");
  row("simulated s a second", speed.sim_seconds_per_second, "");
  row("operations a second", speed.operations_per_second, "of clients, done");
  page.blank();
  const auto part = [&](const char* name, double ns, const char* meaning) {
    page.line(fmt::format("  {:<22}{:>9.0f} ns   {}", name, ns, meaning));
  };
  part("an event", speed.total_ns, "");
  part("  queue", speed.queue_ns, "a push and a pop of a bare queue of the same depth");
  part("  codec", speed.codec_ns, "encoding and decoding every message: total minus a run without it");
  part("  oracles", speed.oracles_ns, "total minus a run without them");
  part("  storage", speed.storage_ns, "the log store and its disk: total minus a run with the memory backend");
  part("  rest", speed.rest_ns, "nodes, network, clients");
  page.blank();
  page.line(fmt::format("  {} pending on average, {:.0f} MiB at most", counted(speed.pending_events, "event"),
                        static_cast<double>(speed.peak_rss_bytes) / (1 << 20)));
}

class BenchSim final : public Command {
  void declare(Options& options) override {
    options.flag("--json", arguments_.json, "Print the numbers as one JSON object");
    options.whole("--nodes", arguments_.nodes, "Nodes (5)", 3u, sim::kNodesMax);
    options.whole("--keys", arguments_.keys, "Keys (1000)", 1u, 1'000'000u);
    options.whole("--events", arguments_.events, "Events of each measurement (1000000)", std::uint64_t{10'000},
                  std::uint64_t{1'000'000'000});
    options.whole("--repetitions", arguments_.repetitions, "Of each variant, interleaved; medians are shown (5)", 1u,
                  99u);
    options.duration("--time", arguments_.time_ns, "Instead of --events: duration of each measurement");
  }

  int run() override {
    const SimSpeed speed = measure_sim(arguments_);
    if (arguments_.json) {
      print_json(arguments_, speed);
    } else {
      print_table(arguments_, speed);
    }
    return kAllHeld;
  }

  SimBenchArguments arguments_;
};

}  // namespace

extern const CommandEntry kBenchSim;
const CommandEntry kBenchSim = {"bench sim", "Measure the simulator on one core, and the cost of its parts",
                                "Example:\n  distri-kv bench sim --nodes 7 --events 2000000\n",
                                &make_command<BenchSim>};

}  // namespace dkv::cli
