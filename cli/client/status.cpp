#include <fmt/format.h>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"
#include "engine/runtime/net/address.h"

namespace dkv::cli {
namespace {

// One member's own answer: its "state", and its numbers if it answers at all.
Json ask_member(const ClientArguments& arguments, const Json& member) {
  Json json = {{"name", member.at("name")},
               {"http", member.at("http")},
               {"reachable", member.at("reachable")},
               {"state", "silent"}};
  const auto address = parse_address(member.at("http").get<std::string>());
  if (!address) return json;
  HttpClient client(*address, patience_ns(arguments));
  const auto admin = ask_json(client, "/api/v1/admin/stats");
  const auto stats = ask_json(client, "/api/v1/cluster/stats");
  if (!admin || !stats) {
    json["error"] = (admin ? stats : admin).error().what;
    return json;
  }
  json["state"] = admin->at("phase");
  json["sees"] = stats->at("reachable");
  json["keys"] = stats->at("keys");
  json["hints"] = stats->at("hints");
  json["uptime_seconds"] = admin->at("uptime_seconds");
  json["operations_in_progress"] = admin->at("operations_in_progress");
  return json;
}

std::string uptime_text(std::uint64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86'400);
}

void print_status(const Json& stats, const Json& nodes, const std::string& asked) {
  Page page(stdout);
  page.line(fmt::format("Cluster {}: {}, n={} r={} w={}, {} quorums", stats.at("cluster").get<std::string>(),
                        counted(nodes.size(), "node"), stats.at("n").get<int>(), stats.at("r").get<int>(),
                        stats.at("w").get<int>(), stats.at("quorum").get<std::string>()));
  page.blank();
  Table table({"node", "state", "API", ">peers seen", ">keys", ">hints", ">up", asked + " sees it"});
  for (const Json& node : nodes) {
    const bool answers = node.contains("keys");
    const bool reachable = node.at("reachable").get<bool>();
    const auto number = [&](const char* name) {
      return answers ? grouped(node.at(name).get<std::uint64_t>()) : std::string("-");
    };
    const std::string state = node.at("state");
    table.row({node.at("name"), state, "http://" + node.at("http").get<std::string>(), number("sees"), number("keys"),
               number("hints"), answers ? uptime_text(node.at("uptime_seconds").get<std::uint64_t>()) : "-",
               reachable ? "yes" : "no"},
              state != "serving" ? Tone::kBad
              : reachable        ? Tone::kPlain
                                 : Tone::kFault);
  }
  table.print(page);
  for (const Json& node : nodes) {
    if (!node.contains("error")) continue;
    page.blank();
    page.line(fmt::format("  {}: {}", node.at("name").get<std::string>(), node.at("error").get<std::string>()),
              Tone::kDim);
  }
}

class Status final : public ClientCommand {
 public:
  Status() : ClientCommand("status", false) {}

 private:
  void declare(Options& options) override { declare_contact(options); }

  int ask(Contact& contact) override {
    const auto health = ask_json(contact, "/api/v1/cluster/health");
    if (!health) return unanswered(arguments_, health.error());
    const auto stats = ask_json(contact, "/api/v1/cluster/stats");
    if (!stats) return unanswered(arguments_, stats.error());
    Json nodes = Json::array();
    bool fine = true;
    for (const Json& member : health->at("members")) {
      nodes.push_back(ask_member(arguments_, member));
      fine = fine && nodes.back().at("state") == "serving" && member.at("reachable").get<bool>();
    }
    const std::string asked = health->at("node");
    if (arguments_.json) {
      print_json({{"cluster", stats->at("cluster")},
                  {"asked", asked},
                  {"status", fine ? "healthy" : "degraded"},
                  {"n", stats->at("n")},
                  {"r", stats->at("r")},
                  {"w", stats->at("w")},
                  {"nodes", std::move(nodes)}});
    } else {
      print_status(*stats, nodes, asked);
    }
    return fine ? kAllHeld : kFailed;
  }
};

}  // namespace

extern const CommandEntry kStatus;
const CommandEntry kStatus = {"status", "Show the nodes of a cluster and their states",
                              "Exit status: 0 all nodes serve; 1 some do not; 2 no node can be reached.\n",
                              &make_command<Status>};

}  // namespace dkv::cli
