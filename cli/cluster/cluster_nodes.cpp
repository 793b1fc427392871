// Operations of the cluster commands on nodes.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <functional>
#include <thread>

#include "cli/client/http_client.h"
#include "cli/cluster/cluster_commands.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/table.h"

namespace dkv::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr TimeNs kAskNs = kSecond;
constexpr auto kLookEvery = std::chrono::milliseconds(10);
// A node drains for at most 10 s.
constexpr auto kStopMax = std::chrono::seconds(15);
constexpr auto kSignalMax = std::chrono::seconds(5);
constexpr auto kMeetMax = std::chrono::seconds(5);
constexpr std::size_t kTailLines = 5;

bool wait_for(Clock::time_point until, const std::function<bool()>& condition) {
  while (!condition()) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(kLookEvery);
  }
  return true;
}

bool gone(const LocalCluster::Node& node) {
  return !node.process || state_of(*node.process) == ProcessState::kGone;
}

// "healthy" when the node sees all its peers; empty without an answer.
std::string health_of(const LocalCluster::Node& node) {
  const auto answer = HttpClient(node.http, kAskNs).get("/api/v1/cluster/health");
  if (!answer || !answer->fine()) return {};
  const auto json = parse_json(answer->body);
  return json.is_object() && json.contains("status") ? json["status"].get<std::string>() : std::string();
}

}  // namespace

int cluster_refused(const std::string& what) {
  fmt::print(stderr, "distri-kv: cluster: {}\n", what);
  return kBadInput;
}

std::string node_condition(const LocalCluster::Node& node) {
  if (gone(node)) return "dead";
  if (state_of(*node.process) == ProcessState::kPaused) return "paused";
  const auto answer = HttpClient(node.http, kAskNs).get("/ready");
  if (!answer) return answer.error().sent ? "silent" : "starting";
  std::string phase = answer->body.substr(0, answer->body.find('\n'));
  return phase.empty() ? "silent" : phase;
}

void print_nodes(Page& page, const LocalCluster& cluster) {
  Table table({"node", "state", "API", "peers", ">pid", "log"});
  for (const LocalCluster::Node& node : cluster.nodes()) {
    const std::string condition = node_condition(node);
    const bool dead = condition == "dead";
    table.row({node.name, condition, "http://" + to_string(node.http), to_string(node.peer),
               dead ? "-" : std::to_string(node.process->pid), cluster.log_of(node.name).string()},
              dead                     ? Tone::kBad
              : condition == "serving" ? Tone::kPlain
                                       : Tone::kFault);
  }
  table.print(page);
}

std::string nodes_json(const LocalCluster& cluster) {
  Json json = {{"folder", cluster.folder().string()}, {"cluster", cluster.config().cluster}, {"nodes", Json::array()}};
  for (const LocalCluster::Node& node : cluster.nodes()) {
    const std::string condition = node_condition(node);
    Json one = {{"name", node.name},
                {"state", condition},
                {"http", to_string(node.http)},
                {"peer", to_string(node.peer)},
                {"pid", nullptr},
                {"log", cluster.log_of(node.name).string()}};
    if (condition != "dead") one["pid"] = node.process->pid;
    json["nodes"].push_back(std::move(one));
  }
  return json_line(json);
}

std::string wait_until_ready(const LocalCluster& cluster, const std::vector<std::string>& names, TimeNs time_ns) {
  const auto until = Clock::now() + std::chrono::nanoseconds(time_ns);
  std::vector<LocalCluster::Node> nodes;
  for (const LocalCluster::Node& node : cluster.nodes()) {
    if (std::ranges::find(names, node.name) != names.end()) nodes.push_back(node);
  }
  for (const LocalCluster::Node& node : nodes) {
    const auto ready = [&] { return node_condition(node) == "serving"; };
    if (!wait_for(until, [&] { return gone(node) || ready(); })) {
      return fmt::format("{} is not ready after {} s\n{}", node.name, time_ns / kSecond, log_tail(cluster, node.name));
    }
    if (gone(node)) return fmt::format("{} has ended\n{}", node.name, log_tail(cluster, node.name));
  }
  // Nodes serve before they have found each other. A peer that is down on purpose must not delay this for long.
  const bool whole = std::ranges::none_of(
      cluster.nodes(), [](const LocalCluster::Node& node) { return node.state != ProcessState::kRunning; });
  const auto meet = std::min(until, Clock::now() + kMeetMax);
  for (const LocalCluster::Node& node : nodes) {
    if (whole) wait_for(meet, [&] { return health_of(node) == "healthy"; });
  }
  return {};
}

void ask_to_end(const LocalCluster::Node& node) {
  if (gone(node)) return;
  send_signal(*node.process, SIGTERM);
  send_signal(*node.process, SIGCONT);  // a paused process cannot handle SIGTERM
}

bool await_end(const LocalCluster::Node& node) {
  if (wait_for(Clock::now() + kStopMax, [&] { return gone(node); })) return true;
  send_signal(*node.process, SIGKILL);
  return await_state(node, ProcessState::kGone);
}

bool await_state(const LocalCluster::Node& node, ProcessState state) {
  return wait_for(Clock::now() + kSignalMax, [&] {
    const ProcessState now = node.process ? state_of(*node.process) : ProcessState::kGone;
    return now == state || now == ProcessState::kGone;
  });
}

std::string log_tail(const LocalCluster& cluster, const std::string& node) {
  std::ifstream in(cluster.log_of(node));
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back("  " + line);
    if (lines.size() > kTailLines) lines.pop_front();
  }
  return fmt::format("the end of {}:\n{}", cluster.log_of(node).string(), fmt::join(lines, "\n"));
}

}  // namespace dkv::cli
