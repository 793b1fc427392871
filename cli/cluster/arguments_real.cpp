#include "cli/cluster/arguments_real.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "engine/core/key.h"
#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

constexpr std::uint32_t kNodesMax = 64;
constexpr std::uint16_t kPortMax = 65'000;

struct Verb {
  std::string_view name;
  ClientVerb verb;
  const char* about;
};
constexpr std::array<Verb, 7> kVerbs = {{
    {"get", ClientVerb::kGet, "Print the value of a key, or all its siblings"},
    {"put", ClientVerb::kPut, "Store a value under a key"},
    {"delete", ClientVerb::kDelete, "Delete a key"},
    {"status", ClientVerb::kStatus, "Show the nodes of a cluster and how they are"},
    {"ring", ClientVerb::kRing, "Show which node holds which part of the ring"},
    {"preflist", ClientVerb::kPreflist, "Show which nodes hold a key, and which stand in for them"},
    {"explain", ClientVerb::kExplain, "Ask every node of a key's preference list what it holds, and compare"},
}};

struct ClusterWord {
  std::string_view name;
  ClusterVerb verb;
  bool of_a_node;
};
constexpr std::array<ClusterWord, 7> kClusterWords = {{
    {"start", ClusterVerb::kStart, false},
    {"stop", ClusterVerb::kStop, false},
    {"status", ClusterVerb::kStatus, false},
    {"kill", ClusterVerb::kKill, true},
    {"pause", ClusterVerb::kPause, true},
    {"resume", ClusterVerb::kResume, true},
    {"restart", ClusterVerb::kRestart, true},
}};

constexpr const char* kClusterFooter =
    "What:\n"
    "  start         starts the nodes as processes of their own and waits until they serve\n"
    "  stop          ends them: SIGTERM, and SIGKILL for those that do not end\n"
    "  status        what runs, where, and since when\n"
    "  kill NODE     SIGKILL: a crash\n"
    "  pause NODE    SIGSTOP: it stands still, and its peers do not know why\n"
    "  resume NODE   SIGCONT\n"
    "  restart NODE  starts it again over the same data; stops it before that if it runs\n\n"
    "Examples:\n"
    "  distri-kv cluster start --nodes 5 --set cluster.n=3 --set log.requests=all\n"
    "  distri-kv cluster kill n2\n"
    "  distri-kv put hello again && distri-kv explain hello\n"
    "  distri-kv cluster restart n2\n";

const char* examples_of(ClientVerb verb) {
  switch (verb) {
    case ClientVerb::kGet:
      return "Examples:\n  distri-kv get hello\n  distri-kv get cart --bucket shop --r all --json\n\n"
             "Exit status: 0 found; 1 not found, or refused; 2 no node can be reached.\n";
    case ClientVerb::kPut:
      return "Examples:\n  distri-kv put hello world\n  distri-kv put picture - --type image/png <picture.png\n"
             "  distri-kv put cart 'bread, milk' --context CONTEXT\n\n"
             "Without --context whatever the key holds now is replaced. With the context that get printed, only what\n"
             "that get showed is replaced, and what came in between stays as a sibling.\n";
    case ClientVerb::kDelete: return "Example:\n  distri-kv delete hello\n";
    case ClientVerb::kStatus: return "Exit status: 0 all nodes serve; 1 some do not; 2 no node can be reached.\n";
    case ClientVerb::kExplain: return "Exit status: 0 all replicas hold the same; 1 they differ or can't be asked.\n";
    default: return "";
  }
}

bool takes_key(ClientVerb verb) {
  return verb != ClientVerb::kStatus && verb != ClientVerb::kRing;
}

void add_quorum(CLI::App& command, ClientArguments& to) {
  const auto add = [&](const char* option, std::string& text, const char* about) {
    command.add_option(option, text, about)->type_name("N|one|quorum|all");
  };
  add("--r", to.r, "How many nodes must answer a read");
  add("--pr", to.pr, "How many of these must be the key's own nodes");
  if (to.verb == ClientVerb::kGet) return;
  add("--w", to.w, "How many nodes must have stored a write");
  add("--pw", to.pw, "How many of these must be the key's own nodes");
}

void add_client(CLI::App& app, RealBound& bound, const Verb& verb) {
  CLI::App* command = app.add_subcommand(std::string(verb.name), verb.about);
  ClientArguments& to = bound.client;
  if (takes_key(verb.verb)) {
    command->add_option("KEY", to.key, "The key")->required();
    if (verb.verb == ClientVerb::kPut) {
      command->add_option("VALUE", to.value, "The value; - reads standard input")->required();
      command->add_option("--type", to.content_type, "Its content type (text/plain)")->type_name("TYPE");
      command->add_flag("--blind", to.blind, "Look at nothing first: what the key holds stays, as a sibling");
    }
    command->add_option("--bucket", to.bucket, "The key's bucket (default)")->type_name("NAME");
  }
  const bool writes = verb.verb == ClientVerb::kPut || verb.verb == ClientVerb::kDelete;
  if (writes) {
    command->add_option("--context", to.context, "What was seen before, as get printed it")->type_name("CONTEXT");
  }
  if (writes || verb.verb == ClientVerb::kGet) {
    const ClientVerb before = std::exchange(to.verb, verb.verb);
    add_quorum(*command, to);
    to.verb = before;
  }
  command->add_option("--at", to.at, "A node's HTTP address ($DISTRI_KV_AT, the local cluster, or 127.0.0.1:8098)")
      ->type_name("HOST:PORT");
  command->add_option("--timeout", bound.timeout, "How long the answer may take (5s)")->type_name("DURATION");
  command->add_flag("--json", to.json, "Print one JSON object");
  command->footer(examples_of(verb.verb));
}

void add_cluster(CLI::App& app, RealBound& bound) {
  CLI::App* cluster = app.add_subcommand("cluster", "Run a cluster of real nodes on this machine");
  ClusterArguments& to = bound.cluster;
  cluster->add_option("WHAT", bound.cluster_what, "start, stop, status, kill, pause, resume, restart")->required();
  cluster->add_option("NODE", to.node, "Which node: n1, n2, ...");
  cluster->add_option("--nodes", bound.cluster_nodes, "start: how many (3)")->check(CLI::Range(1u, kNodesMax));
  cluster->add_option("--port", bound.cluster_port, "start: the first node's HTTP port (8101); 0: any free ports")
      ->check(CLI::Range(std::uint16_t{0}, kPortMax));
  cluster->add_option("--folder", to.folder, "Configuration, data and logs (below the user's state folder)")
      ->type_name("DIR");
  cluster->add_option("--set", to.sets, "start: change the configuration, for example cluster.w=1; may be repeated")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  cluster->add_flag("--json", to.json, "start, status: print one JSON object");
  cluster->footer(kClusterFooter);
}

std::string check_client(RealBound& bound, std::string_view name) {
  ClientArguments& client = bound.client;
  if (takes_key(client.verb)) {
    if (const auto key = Key::make(client.bucket, client.key); !key)
      return fmt::format("{}: {}", name, key.error().what);
  }
  if (client.blind && !client.context.empty()) return "put: --blind and --context exclude each other";
  if (!client.at.empty()) {
    if (const auto at = parse_address(client.at); !at) return "--at: " + at.error().what;
  }
  if (bound.timeout.empty()) return {};
  const auto timeout = parse_duration(bound.timeout);
  if (!timeout) return fmt::format("--timeout: {}, {}", timeout.error().what, timeout.error().meant);
  if (*timeout < kMillisecond || *timeout > 600 * kSecond) return "--timeout: 1ms to 600s are allowed";
  client.timeout_ns = *timeout;
  return {};
}

std::string check_cluster(const CLI::App& command, RealBound& bound) {
  const auto word = std::ranges::find(kClusterWords, bound.cluster_what, &ClusterWord::name);
  if (word == kClusterWords.end()) {
    std::vector<std::string> words;
    for (const ClusterWord& known : kClusterWords) words.emplace_back(known.name);
    return fmt::format("cluster: unknown '{}': {}", bound.cluster_what, suggest(bound.cluster_what, words));
  }
  ClusterArguments& to = bound.cluster;
  to.verb = word->verb;
  if (word->of_a_node && to.node.empty()) {
    return fmt::format("cluster {0}: which node is missing, write it as: cluster {0} n1", word->name);
  }
  if (!word->of_a_node && !to.node.empty()) {
    return fmt::format("cluster {}: '{}' is one argument too many", word->name, to.node);
  }
  for (const char* option : {"--nodes", "--port", "--set"}) {
    if (to.verb != ClusterVerb::kStart && command.count(option) > 0) {
      return fmt::format("cluster {}: {} is for cluster start", word->name, option);
    }
  }
  const bool shows = to.verb == ClusterVerb::kStart || to.verb == ClusterVerb::kStatus;
  if (to.json && !shows) return fmt::format("cluster {}: --json is for cluster start and status", word->name);
  if (command.count("--nodes") > 0) to.nodes = bound.cluster_nodes;
  if (command.count("--port") > 0) to.port = bound.cluster_port;
  if (to.port && *to.port != 0 && *to.port < 1024) return "cluster start: --port is 0, or 1024 to 65000";
  return {};
}

}  // namespace

void add_real(CLI::App& app, RealBound& bound) {
  add_cluster(app, bound);
  for (const Verb& verb : kVerbs) add_client(app, bound, verb);
}

std::optional<CheckedReal> checked_real(const CLI::App& command, RealBound& bound) {
  const std::string name = command.get_name();
  if (name == "cluster") {
    std::string complaint = check_cluster(command, bound);
    return CheckedReal{bound.cluster, std::move(complaint)};
  }
  const auto verb = std::ranges::find(kVerbs, name, &Verb::name);
  if (verb == kVerbs.end()) return std::nullopt;
  bound.client.verb = verb->verb;
  std::string complaint = check_client(bound, name);
  return CheckedReal{bound.client, std::move(complaint)};
}

}  // namespace dkv::cli
