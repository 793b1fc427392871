#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include "cli/bench/bench_store.h"
#include "cli/cluster/arguments_real.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

constexpr std::array<std::string_view, 13> kCommands = {"run",     "fuzz",     "replay", "bench",  "serve",
                                                        "cluster", "get",      "put",    "delete", "status",
                                                        "ring",    "preflist", "explain"};
constexpr std::array<std::string_view, 3> kPlanned = {"shrink", "staleness", "explore"};

constexpr const char* kAbout =
    "Distri-KV: a leaderless, Dynamo-style key-value store, whose production node runs unchanged\n"
    "in a deterministic simulator. A run is a function of the build, the scenario and the seed.";
constexpr const char* kFooter =
    "Examples:\n"
    "  distri-kv cluster start\n"
    "  distri-kv put hello world\n"
    "  distri-kv explain hello\n"
    "  distri-kv run scenarios/partition-heals-sloppy.yaml\n"
    "  distri-kv run scenarios/shopping-carts.yaml --seed 7 --set cluster.w=1\n"
    "  distri-kv fuzz --seeds 1..2000\n"
    "  distri-kv replay out/seed-17.yaml\n\n"
    "Exit status: 0 all held, found, done; 1 an invariant or expectation failed, not found, not done; 2 the input or\n"
    "usage is wrong, or no node can be reached.\n"
    "Planned: shrink, staleness, explore.\n";

// What the commands parse into, and the texts that need a second look.
struct Bound {
  RunArguments run;
  ReplayArguments replay;
  FuzzArguments fuzz;
  BenchArguments bench;
  ServeArguments serve;
  ClusterBenchArguments bench_cluster;
  std::string bench_protocol = "http";
  std::string seeds = "1..100";
  std::string fuzz_time, bench_time;
  std::string bench_what, bench_folder, bench_only;
  std::uint64_t bench_keys = 0;  // 0: as many as that bench has by default
  bool no_codec = false;
  std::string seed_text;
  RealBound real;
};

int usage_error(const std::string& what) {
  fmt::print(stderr, "distri-kv: {}\nTry: distri-kv --help\n", what);
  return kBadInput;
}

tl::expected<std::uint64_t, std::string> whole(const std::string& option, const std::string& text) {
  const auto number = parse_whole(text);
  if (number) return *number;
  return tl::unexpected(fmt::format("{}: {}, {}", option, number.error().what, number.error().meant));
}

// "A..B" or "A".
std::string read_seeds(const std::string& text, FuzzArguments& fuzz) {
  const std::size_t dots = text.find("..");
  const auto first = whole("--seeds", text.substr(0, dots));
  if (!first) return first.error();
  fuzz.first_seed = fuzz.last_seed = *first;
  if (dots == std::string::npos) return {};
  const auto last = whole("--seeds", text.substr(dots + 2));
  if (!last) return last.error();
  if (*last < *first) return fmt::format("--seeds {}: the first seed is above the last, write it as 1..100", text);
  fuzz.last_seed = *last;
  return {};
}

std::string read_time(const std::string& text, TimeNs& time_ns) {
  if (text.empty()) return {};
  const auto parsed = parse_duration(text);
  if (!parsed) return fmt::format("--time: {}, {}", parsed.error().what, parsed.error().meant);
  if (*parsed <= 0) return "--time must be above 0, such as 60s";
  time_ns = *parsed;
  return {};
}

void add_run(CLI::App& app, Bound& bound) {
  CLI::App* run = app.add_subcommand("run", "Play a scenario, tell its story, and judge it");
  RunArguments& to = bound.run;
  run->add_option("SCENARIO", to.scenario, "A scenario file (docs/scenarios.md)")->required();
  run->add_option("--seed", bound.seed_text, "Another seed than the scenario's own")->type_name("N");
  run->add_flag("--json", to.json, "Print the result as one JSON object, and no story");
  run->add_flag("--quiet", to.quiet, "Print the verdict only, and what failed");
  run->add_option("--trace", to.trace, "Write every event to this file (zstd-compressed JSON Lines)")
      ->type_name("FILE.jsonl.zst");
  run->add_option("--schedule", to.schedule, "Play these faults instead of the scenario's own")->type_name("FILE");
  run->add_option("--set", to.overrides, "Change the scenario, for example cluster.w=1; may be repeated")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // For the tests of determinism: neither may change a run.
  run->add_option("--hash-salt", to.world.hash_salt)->group("");
  run->add_flag("--no-codec", bound.no_codec)->group("");
}

void add_fuzz(CLI::App& app, Bound& bound) {
  CLI::App* fuzz = app.add_subcommand("fuzz", "Play many seeds with random faults; a failing one becomes a capsule");
  FuzzArguments& to = bound.fuzz;
  fuzz->add_option("SCENARIO", to.scenario, "Random faults over this scenario; without it each seed draws its own");
  fuzz->add_option("--seeds", bound.seeds, "Which seeds (1..100; with --time: from 1 on until the time is up)")
      ->type_name("A..B");
  fuzz->add_option("--jobs", to.jobs, "Threads (as many as processors)")->type_name("J")->check(CLI::Range(1, 256));
  fuzz->add_option("--time", bound.fuzz_time, "Begin no seed after this long, for example 60s")->type_name("DURATION");
  fuzz->add_flag("--json", to.json, "Print the outcome as one JSON object");
  fuzz->add_option("--out", to.out, "Where the capsules of failing seeds go (out)")->type_name("DIR");
  fuzz->add_option("--set", to.overrides, "Change the scenario, as for run; may be repeated")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_replay(CLI::App& app, Bound& bound) {
  CLI::App* replay = app.add_subcommand("replay", "Play a recorded run again: a capsule or a trace");
  ReplayArguments& to = bound.replay;
  replay->add_option("CAPSULE", to.path, "A capsule that fuzz wrote, or a trace of run --trace")->required();
  replay->add_flag("--json", to.json, "Print the result as one JSON object, and no story");
  replay->add_flag("--quiet", to.quiet, "Print the verdict only, and what failed");
  replay->add_option("--trace", to.trace, "Write every event to this file")->type_name("FILE.jsonl.zst");
}

void add_bench_cluster(CLI::App& bench, Bound& bound) {
  ClusterBenchArguments& to = bound.bench_cluster;
  bench.add_option("--at", to.at, "cluster: servers that run already, instead of own ones")->type_name("HOST:PORT");
  bench.add_option("--protocol", bound.bench_protocol, "cluster: what is spoken there: http, redis, etcd (http)")
      ->check(CLI::IsMember({"http", "redis", "etcd"}));
  bench.add_option("--clients", to.clients, "cluster: connections, one request each at a time (50)")
      ->check(CLI::Range(1u, 10'000u));
  bench.add_option("--value", to.value_bytes, "cluster: bytes of a value (100)")->check(CLI::Range(1u, 16'000u));
  bench.add_option("--rate", to.rate_per_second, "cluster: open loop, requests due each second; with --at")
      ->check(CLI::Range(1.0, 10e6));
}

void add_bench(CLI::App& app, Bound& bound) {
  CLI::App* bench = app.add_subcommand("bench", "Measure: bench sim, bench store, bench cluster");
  BenchArguments& to = bound.bench;
  bench
      ->add_option("WHAT", bound.bench_what,
                   "sim: the simulator's speed on one core, and where the time goes; store: the storage "
                   "engine on this disk, beside the plainest programs; cluster: real nodes under load, beside "
                   "redis and etcd where they are installed")
      ->required();
  bench->add_flag("--json", to.json, "Print the numbers as one JSON object");
  bench->add_option("--nodes", to.nodes, "Nodes (5)")->check(CLI::Range(3u, sim::kNodesMax));
  bench->add_option("--keys", bound.bench_keys, "Keys (sim: 1000; store: 1000000, those of a restart)")
      ->check(CLI::Range(1u, 100'000'000u));
  bench->add_option("--events", to.events, "Events, or the store's operations, of each measurement (1000000)")
      ->check(CLI::Range(std::uint64_t{10'000}, std::uint64_t{1'000'000'000}));
  bench->add_option("--repetitions", to.repetitions, "Of each variant, interleaved; medians are shown (5)")
      ->check(CLI::Range(1u, 99u));
  bench->add_option("--time", bound.bench_time, "Instead of --events: how long each measurement takes")
      ->type_name("DURATION");
  bench
      ->add_option("--folder", bound.bench_folder,
                   "store: where its files go, below a folder that is removed at the end ($TMPDIR, or the current one)")
      ->type_name("DIR");
  bench
      ->add_option("--only", bound.bench_only, fmt::format("store: one part: {}", fmt::join(store_bench_parts(), ", ")))
      ->type_name("PART");
  add_bench_cluster(*bench, bound);
}

void add_serve(CLI::App& app, Bound& bound) {
  CLI::App* serve = app.add_subcommand("serve", "Be a node of a real cluster: TCP, a real disk, an HTTP API");
  ServeArguments& to = bound.serve;
  serve->add_option("--config", to.config, "The node's configuration (without: one node on loopback)")
      ->type_name("NODE.yaml");
  serve->add_option("--node", to.overrides.node, "Which of the configuration's nodes this is")->type_name("NAME");
  serve->add_option("--data", to.overrides.data, "The folder of its data")->type_name("DIR");
  serve->add_option("--set", to.overrides.sets, "Change the configuration, for example cluster.w=1; may be repeated")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// A first word that is no command; empty when all is well. CLI11 would only call it unexpected.
std::string complain_of_command(std::string_view word) {
  if (word.starts_with('-') || contains(kCommands, word)) return {};
  if (contains(kPlanned, word)) return fmt::format("'{}' is planned and does not exist yet", word);
  return fmt::format("unknown command '{}': {}", word, suggest(word, std::span<const std::string_view>(kCommands)));
}

std::string complain_of_extras(const CLI::App& command, const std::vector<std::string>& extras) {
  const std::string& word = extras.front();
  if (!word.starts_with('-')) {
    return fmt::format("{}: '{}' is one argument too many", command.get_name(), word);
  }
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string name = word.substr(0, word.find('='));
  return fmt::format("{}: unknown option '{}': {}", command.get_name(), name, suggest(name, known));
}

Arguments checked_run(Bound& bound) {
  if (!bound.seed_text.empty()) {
    const auto seed = whole("--seed", bound.seed_text);
    if (!seed) return usage_error(seed.error());
    bound.run.seed = *seed;
  }
  if (bound.run.json && bound.run.quiet) return usage_error("run: --json and --quiet exclude each other");
  bound.run.world.codec = !bound.no_codec;
  return bound.run;
}

Arguments checked_fuzz(const CLI::App& command, Bound& bound) {
  FuzzArguments& fuzz = bound.fuzz;
  if (std::string error = read_seeds(bound.seeds, fuzz); !error.empty()) return usage_error(error);
  if (std::string error = read_time(bound.fuzz_time, fuzz.time_ns); !error.empty()) return usage_error(error);
  if (fuzz.time_ns > 0 && command.count("--seeds") == 0) fuzz.last_seed = UINT64_MAX;
  if (fuzz.scenario.empty() && !fuzz.overrides.empty()) return usage_error("fuzz: --set needs a SCENARIO to change");
  return fuzz;
}

Arguments checked_bench_sim(Bound& bound) {
  constexpr std::uint64_t kKeysMax = 1'000'000;
  if (!bound.bench_folder.empty()) return usage_error("bench sim: --folder is for bench store");
  if (!bound.bench_only.empty()) return usage_error("bench sim: --only is for bench store");
  if (bound.bench_keys > kKeysMax) return usage_error("bench sim: --keys is at most 1000000");
  if (bound.bench_keys > 0) bound.bench.keys = static_cast<std::uint32_t>(bound.bench_keys);
  if (std::string error = read_time(bound.bench_time, bound.bench.time_ns); !error.empty()) return usage_error(error);
  return bound.bench;
}

Arguments checked_bench_cluster(const CLI::App& command, Bound& bound) {
  ClusterBenchArguments& cluster = bound.bench_cluster;
  for (const char* option : {"--nodes", "--events", "--only"}) {
    if (command.count(option) > 0) return usage_error(fmt::format("bench cluster: {} is for another bench", option));
  }
  if (std::string error = read_time(bound.bench_time, cluster.for_ns); !error.empty()) return usage_error(error);
  for (const std::string& text : cluster.at) {
    if (const auto address = parse_address(text); !address) return usage_error("--at: " + address.error().what);
  }
  const bool own = cluster.at.empty();
  if (own && cluster.rate_per_second > 0) return usage_error("bench cluster: --rate needs --at");
  if (own && command.count("--protocol") > 0) return usage_error("bench cluster: --protocol needs --at");
  if (bound.bench_protocol == "redis") cluster.protocol = LoadProtocol::kRedis;
  if (bound.bench_protocol == "etcd") cluster.protocol = LoadProtocol::kEtcd;
  if (bound.bench_keys > 0) cluster.keys = bound.bench_keys;
  if (command.count("--repetitions") > 0) cluster.repetitions = bound.bench.repetitions;
  cluster.folder = bound.bench_folder;
  cluster.json = bound.bench.json;
  return cluster;
}

Arguments checked_bench(const CLI::App& command, Bound& bound) {
  constexpr std::array<std::string_view, 3> kWhat = {"sim", "store", "cluster"};
  if (bound.bench_what == "cluster") return checked_bench_cluster(command, bound);
  for (const char* option : {"--at", "--protocol", "--clients", "--value", "--rate"}) {
    if (command.count(option) > 0) return usage_error(fmt::format("bench: {} is for bench cluster", option));
  }
  if (bound.bench_what == "sim") return checked_bench_sim(bound);
  if (bound.bench_what != "store") {
    return usage_error(fmt::format("bench: unknown '{}': {}", bound.bench_what,
                                   suggest(bound.bench_what, std::span<const std::string_view>(kWhat))));
  }
  for (const char* option : {"--nodes", "--time"}) {
    if (command.count(option) > 0) return usage_error(fmt::format("bench store: {} is for bench sim", option));
  }
  if (!bound.bench_only.empty() && !contains(store_bench_parts(), bound.bench_only)) {
    return usage_error(fmt::format("bench store: no part is called '{}': {}", bound.bench_only,
                                   suggest(bound.bench_only, store_bench_parts())));
  }
  StoreBenchArguments store{.folder = bound.bench_folder,
                            .only = bound.bench_only,
                            .events = bound.bench.events,
                            .repetitions = bound.bench.repetitions,
                            .json = bound.bench.json};
  if (bound.bench_keys > 0) store.keys = bound.bench_keys;
  return store;
}

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
  if (argc >= 2) {
    if (const std::string complaint = complain_of_command(argv[1]); !complaint.empty()) return usage_error(complaint);
  }
  CLI::App app(kAbout, "distri-kv");
  app.footer(kFooter);
  app.set_version_flag("--version", "distri-kv " + build_text());
  app.require_subcommand(1);
  Bound bound;
  add_run(app, bound);
  add_fuzz(app, bound);
  add_replay(app, bound);
  add_bench(app, bound);
  add_serve(app, bound);
  add_real(app, bound.real);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) command->allow_extras();
  if (argc < 2) {
    fmt::print(stderr, "{}", app.help());
    return kBadInput;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);  // help or version, on standard output
    return kAllHeld;
  } catch (const CLI::ParseError& error) {
    const auto parsed = app.get_subcommands();
    // An unknown option explains a missing argument better than the missing argument does.
    if (!parsed.empty() && !parsed.front()->remaining().empty()) {
      return usage_error(complain_of_extras(*parsed.front(), parsed.front()->remaining()));
    }
    return usage_error(parsed.empty() ? error.what() : parsed.front()->get_name() + ": " + error.what());
  }
  const CLI::App* command = app.get_subcommands().front();
  if (const auto extras = command->remaining(); !extras.empty())
    return usage_error(complain_of_extras(*command, extras));
  if (command->get_name() == "run") return checked_run(bound);
  if (command->get_name() == "fuzz") return checked_fuzz(*command, bound);
  if (command->get_name() == "bench") return checked_bench(*command, bound);
  if (command->get_name() == "serve") return bound.serve;
  if (auto real = checked_real(*command, bound.real)) {
    return real->complaint.empty() ? real->arguments : usage_error(real->complaint);
  }
  if (bound.replay.json && bound.replay.quiet) return usage_error("replay: --json and --quiet exclude each other");
  return bound.replay;
}

}  // namespace dkv::cli
