// bench cluster: real nodes under load, compared with other servers.
#include "cli/bench/bench_cluster.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <span>

#include "cli/bench/bench_process.h"
#include "cli/bench/figure.h"
#include "cli/bench/load_generator.h"
#include "cli/bench/scratch_folder.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"
#include "engine/runtime/secret_file.h"

namespace dkv::cli {
namespace {

// Servers of one kind that share the load.
struct Contender {
  std::string name;
  LoadProtocol protocol = LoadProtocol::kDistriKv;
  std::vector<Address> targets;
  std::vector<BenchProcess> processes;
  std::uint64_t keys_written = 0;
  std::vector<LoadResult> puts, gets;
};

Address local(std::uint16_t port) {
  return {"127.0.0.1", port};
}

Result<Contender> once_up(Contender&& contender) {
  for (std::size_t i = 0; i < contender.processes.size(); ++i) {
    if (auto up = contender.processes[i].wait_for(contender.targets[i]); !up) return tl::unexpected(up.error());
  }
  return std::move(contender);
}

Result<Contender> start_distri_kv(std::uint32_t nodes, const std::filesystem::path& folder) {
  Contender contender{fmt::format("distri-kv x{}", nodes), LoadProtocol::kDistriKv, {}, {}, 0, {}, {}};
  const auto ports = free_ports(2 * nodes);
  const std::filesystem::path file = folder / "node.yaml";
  std::ofstream yaml(file);
  if (const auto secret = own_secret(folder); !secret) return tl::unexpected(secret.error());
  yaml << fmt::format("cluster:\n  name: bench\n  secret_file: {}\n  nodes:\n", (folder / kOwnSecretName).string());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    yaml << fmt::format("    - {{name: n{0}, http: 127.0.0.1:{1}, peer: 127.0.0.1:{2}}}\n", i + 1, ports[2 * i],
                        ports[2 * i + 1]);
    contender.targets.push_back(local(ports[2 * i]));
  }
  yaml.close();
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::string name = fmt::format("n{}", i + 1);
    auto process = BenchProcess::start({self, "serve", "--config", file, "--node", name, "--data", folder / name},
                                       folder / (name + ".log"));
    if (!process) return tl::unexpected(process.error());
    contender.processes.push_back(std::move(*process));
  }
  return once_up(std::move(contender));
}

Result<Contender> start_redis(std::uint32_t /*always one*/, const std::filesystem::path& folder) {
  Contender contender{"redis", LoadProtocol::kRedis, {local(free_ports(1).front())}, {}, 0, {}, {}};
  auto process =
      BenchProcess::start({"redis-server", "--port", std::to_string(contender.targets[0].port), "--bind", "127.0.0.1",
                           "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""},
                          folder / "redis.log");
  if (!process) return tl::unexpected(process.error());
  contender.processes.push_back(std::move(*process));
  return once_up(std::move(contender));
}

Result<Contender> start_etcd(std::uint32_t nodes, const std::filesystem::path& folder) {
  Contender contender{fmt::format("etcd x{}", nodes), LoadProtocol::kEtcd, {}, {}, 0, {}, {}};
  const auto ports = free_ports(2 * nodes);
  const auto url = [](std::uint16_t port) { return fmt::format("http://127.0.0.1:{}", port); };
  std::string members;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    members += fmt::format("{}e{}={}", i == 0 ? "" : ",", i + 1, url(ports[2 * i + 1]));
    contender.targets.push_back(local(ports[2 * i]));
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::string name = fmt::format("e{}", i + 1);
    const std::string client = url(ports[2 * i]), peer = url(ports[2 * i + 1]);
    auto process = BenchProcess::start({"etcd",        "--name",
                                        name,          "--data-dir",
                                        folder / name, "--listen-client-urls",
                                        client,        "--advertise-client-urls",
                                        client,        "--listen-peer-urls",
                                        peer,          "--initial-advertise-peer-urls",
                                        peer,          "--initial-cluster",
                                        members,       "--initial-cluster-state",
                                        "new",         "--logger",
                                        "zap",         "--log-level",
                                        "error"},
                                       folder / (name + ".log"));
    if (!process) return tl::unexpected(process.error());
    contender.processes.push_back(std::move(*process));
  }
  return once_up(std::move(contender));
}

// A line on standard error that is overwritten, only on a terminal.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)), shown_(::isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
  }
  void operator()(double part) const {
    constexpr int kWidth = 30;
    if (!shown_) return;
    const int full = std::clamp(static_cast<int>(part * kWidth), 0, kWidth);
    fmt::print(stderr, "\r  {:<28} [{:<{}}] {:3.0f} %", what_, std::string(static_cast<std::size_t>(full), '='), kWidth,
               std::min(part, 1.0) * 100);
    std::fflush(stderr);
  }

 private:
  std::string what_;
  bool shown_;
};

Load base_load(const Contender& contender, const ClusterBenchArguments& arguments) {
  Load load;
  load.protocol = contender.protocol;
  load.targets = contender.targets;
  load.clients = arguments.clients;
  load.value_bytes = arguments.value_bytes;
  load.keys = arguments.keys;
  load.for_ns = arguments.for_ns;
  load.rate_per_second = arguments.rate_per_second;
  return load;
}

// Puts continue after the keys of the last ones, so that each writes a new key: a second blind put of a key would
// make a sibling. Gets read keys that exist.
Result<void> measure(Contender& contender, LoadKind kind, const ClusterBenchArguments& arguments) {
  Load load = base_load(contender, arguments);
  load.kind = kind;
  if (kind == LoadKind::kPut) {
    load.first_key = contender.keys_written;
    load.keys = std::uint64_t{1} << 40;
  } else {
    load.keys = std::max<std::uint64_t>(1, std::min(arguments.keys, contender.keys_written));
  }
  const Progress progress(contender.name + (kind == LoadKind::kPut ? " puts" : " gets"));
  auto result = run_load(load, [&](double part) { progress(part); });
  if (!result) return fail(contender.name + ": " + result.error().what);
  if (kind == LoadKind::kPut) contender.keys_written += result->done + result->failed;
  (kind == LoadKind::kPut ? contender.puts : contender.gets).push_back(std::move(*result));
  return {};
}

// Waits until a write succeeds: an open port does not mean that the nodes have found each other.
Result<void> warm_up(Contender& contender, const ClusterBenchArguments& arguments) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    Load load = base_load(contender, arguments);
    load.clients = static_cast<std::uint32_t>(load.targets.size());
    load.first_key = contender.keys_written;
    load.operations = 5 * load.clients;
    load.rate_per_second = 0;
    const auto result = run_load(load);
    contender.keys_written += load.operations;
    if (result && result->failed == 0) return {};
    ::usleep(100'000);
  }
  return fail(contender.name + " does not accept writes");
}

double median_rate(const std::vector<LoadResult>& results) {
  std::vector<double> rates;
  for (const LoadResult& result : results) rates.push_back(result.per_second());
  std::ranges::sort(rates);
  return rates.empty() ? 0 : rates[rates.size() / 2];
}

sim::Histogram all_latencies(const std::vector<LoadResult>& results) {
  sim::Histogram all;
  for (const LoadResult& result : results) all.merge(result.latency);
  return all;
}

std::uint64_t failures(const std::vector<LoadResult>& results) {
  std::uint64_t count = 0;
  for (const LoadResult& result : results) count += result.failed;
  return count;
}

std::string word_of(std::string name) {
  std::ranges::replace(name, ' ', '_');
  std::ranges::replace(name, '-', '_');
  return name;
}

void add_figures(const Contender& contender, std::vector<Figure>& figures) {
  for (const bool puts : {true, false}) {
    const auto& results = puts ? contender.puts : contender.gets;
    if (results.empty()) continue;
    const std::string kind = puts ? "puts" : "gets";
    const std::string name = word_of(contender.name) + "_" + kind;
    const std::string what = contender.name + ", " + kind;
    const sim::Histogram latency = all_latencies(results);
    const auto micros = [&](std::uint32_t parts) { return static_cast<double>(latency.quantile(parts)) / 1000; };
    figures.push_back({name, what, median_rate(results), "/s"});
    figures.push_back({name + "_p50", "  p50", micros(5000), "us"});
    figures.push_back({name + "_p99", "  p99", micros(9900), "us"});
    figures.push_back({name + "_p999", "  p99.9", micros(9990), "us"});
    if (const std::uint64_t failed = failures(results); failed > 0) {
      figures.push_back({name + "_failed", "  failed", static_cast<double>(failed), ""});
    }
  }
  double resident = 0;
  for (const BenchProcess& process : contender.processes) {
    resident = std::max(resident, static_cast<double>(process.resident_bytes()) / (1 << 20));
  }
  if (resident > 0)
    figures.push_back({word_of(contender.name) + "_resident", "  memory of a process", resident, "MiB"});
}

void add_ratios(const Contender& ours, const Contender& theirs, double puts, double gets, bool lower_p99,
                std::vector<Figure>& figures) {
  const std::string name = word_of(ours.name) + "_to_" + word_of(theirs.name);
  const std::string what = ours.name + " : " + theirs.name;
  const auto aim = [](double target) { return target > 0 ? Figure::Aim::kAtLeast : Figure::Aim::kNone; };
  figures.push_back(
      {name + "_puts", what + ", puts", median_rate(ours.puts) / median_rate(theirs.puts), "x", aim(puts), puts});
  figures.push_back(
      {name + "_gets", what + ", gets", median_rate(ours.gets) / median_rate(theirs.gets), "x", aim(gets), gets});
  if (!lower_p99) return;
  for (const bool of_puts : {true, false}) {
    const double a = static_cast<double>(all_latencies(of_puts ? ours.puts : ours.gets).quantile(9900));
    const double b = static_cast<double>(all_latencies(of_puts ? theirs.puts : theirs.gets).quantile(9900));
    figures.push_back({name + (of_puts ? "_puts_p99" : "_gets_p99"),
                       what + (of_puts ? ", p99 of puts" : ", p99 of gets"), b > 0 ? a / b : 0, "x",
                       Figure::Aim::kAtMost, 1});
  }
}

// Measures all in turn, repeatedly, so that other load on the machine affects them equally.
Result<void> compete(std::span<Contender> contenders, const ClusterBenchArguments& arguments) {
  for (Contender& contender : contenders) {
    if (auto warm = warm_up(contender, arguments); !warm) return warm;
  }
  for (std::uint32_t repetition = 0; repetition < arguments.repetitions; ++repetition) {
    for (const LoadKind kind : {LoadKind::kPut, LoadKind::kGet}) {
      for (Contender& contender : contenders) {
        if (auto measured = measure(contender, kind, arguments); !measured) return measured;
      }
    }
  }
  return {};
}

// The ratio that our cluster must reach against a rival.
struct Match {
  std::uint32_t nodes;
  const char* rival;  // name of the program
  Result<Contender> (*start_rival)(std::uint32_t nodes, const std::filesystem::path& folder);
  double puts, gets;  // the least ratio to the rival's
  bool lower_p99;
};
constexpr Match kOneNode{1, "redis-server", start_redis, 0.6, 0.4, false};
constexpr Match kThreeNodes{3, "etcd", start_etcd, 4, 3, true};

Result<void> bench_match(const Match& match, const ClusterBenchArguments& arguments,
                         const std::filesystem::path& folder, std::vector<Figure>& figures,
                         std::vector<std::string>& absent) {
  std::filesystem::create_directory(folder);
  std::vector<Contender> contenders;
  auto ours = start_distri_kv(match.nodes, folder);
  if (!ours) return tl::unexpected(ours.error());
  contenders.push_back(std::move(*ours));
  if (can_run(match.rival)) {
    auto rival = match.start_rival(match.nodes, folder);
    if (!rival) return tl::unexpected(rival.error());
    contenders.push_back(std::move(*rival));
  } else {
    absent.push_back(match.rival);
  }
  if (auto done = compete(contenders, arguments); !done) return done;
  for (const Contender& contender : contenders) add_figures(contender, figures);
  if (contenders.size() > 1) {
    add_ratios(contenders[0], contenders[1], match.puts, match.gets, match.lower_p99, figures);
  }
  return {};
}

Result<void> bench_at(const ClusterBenchArguments& arguments, std::vector<Figure>& figures) {
  Contender contender{"there", arguments.protocol, {}, {}, 0, {}, {}};
  for (const std::string& text : arguments.at) {
    auto address = parse_address(text);
    if (!address) return tl::unexpected(address.error());
    contender.targets.push_back(std::move(*address));
  }
  // Avoids the keys of an earlier run on the same servers.
  contender.keys_written = static_cast<std::uint64_t>(::getpid()) * 1'000'000'000;
  const std::uint64_t first = contender.keys_written;
  for (std::uint32_t repetition = 0; repetition < arguments.repetitions; ++repetition) {
    if (auto put = measure(contender, LoadKind::kPut, arguments); !put) return put;
    Load load = base_load(contender, arguments);
    load.kind = LoadKind::kGet;
    load.first_key = first;
    load.keys = std::max<std::uint64_t>(1, std::min(arguments.keys, contender.keys_written - first));
    auto got = run_load(load);
    if (!got) return tl::unexpected(got.error());
    contender.gets.push_back(std::move(*got));
  }
  add_figures(contender, figures);
  return {};
}

}  // namespace

int measure_cluster(const ClusterBenchArguments& arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<Figure> figures;
  std::vector<std::string> absent;
  const auto folder = ScratchFolder::make(arguments.folder);
  if (!folder) {
    fmt::print(stderr, "distri-kv: bench cluster: {}\n", folder.error().what);
    return kBadInput;
  }
  Result<void> done;
  if (!arguments.at.empty()) {
    done = bench_at(arguments, figures);
  } else {
    done = bench_match(kOneNode, arguments, folder->path() / "one", figures, absent);
    if (done) done = bench_match(kThreeNodes, arguments, folder->path() / "three", figures, absent);
  }
  if (!done) {
    fmt::print(stderr, "distri-kv: bench cluster: {}\n", done.error().what);
    return kFailed;
  }
  if (arguments.json) {
    const Json json = {{"bench", "cluster"},
                       {"build", build_text()},
                       {"clients", arguments.clients},
                       {"value_bytes", arguments.value_bytes},
                       {"repetitions", arguments.repetitions},
                       {"absent", absent},
                       {"figures", figures_json(figures)}};
    fmt::print("{}\n", json_line(json));
    return kAllHeld;
  }
  Page page(stdout);
  page.line(fmt::format("bench cluster: {}, values of {} bytes, every write synced, {} of {} each, interleaved",
                        counted(arguments.clients, "client"), arguments.value_bytes,
                        counted(arguments.repetitions, "round"), duration(arguments.for_ns)),
            Tone::kStrong);
  for (const std::string& program : absent) page.line("  not compared: " + program + " is not installed", Tone::kDim);
  page.blank();
  print_figures(figures, page);
  return kAllHeld;
}

}  // namespace dkv::cli
