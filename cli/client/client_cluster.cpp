// status, ring, preflist: what the nodes know of their cluster.
#include <fmt/format.h>

#include <map>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kMapColumns = 64;
constexpr std::string_view kMapLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// One member of the cluster as it answers for itself: "state", and its numbers when it answers at all.
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

struct Share {
  std::uint64_t first = 0, all = 0;
};

void print_ring(const Json& ring) {
  Page page(stdout);
  const Json& partitions = ring.at("partitions");
  std::map<std::string, Share> shares;
  for (const Json& owners : partitions) {
    for (const Json& owner : owners) ++shares[owner.get<std::string>()].all;
    if (!owners.empty()) ++shares[owners.front().get<std::string>()].first;
  }
  page.line(fmt::format("{}, each on {}:", counted(partitions.size(), "partition"),
                        counted(ring.at("n").get<std::uint64_t>(), "node")));
  page.blank();
  std::map<std::string, char> letters;
  Table table({"", "node", ">partitions", ">first of", ">share", "reachable"});
  for (const Json& member : ring.at("members")) {
    const std::string name = member.at("name");
    const char letter = letters.size() < kMapLetters.size() ? kMapLetters[letters.size()] : '*';
    letters.emplace(name, letter);
    const Share& share = shares[name];
    const bool reachable = member.at("reachable").get<bool>();
    table.row({std::string(1, letter), name, grouped(share.all), grouped(share.first),
               percent(share.first, partitions.size()), reachable ? "yes" : "no"},
              reachable ? Tone::kPlain : Tone::kBad);
  }
  table.print(page);
  page.blank();
  page.line("The ring, each partition by the first of its nodes:");
  std::string row;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    row += partitions[i].empty() ? '?' : letters[partitions[i].front().get<std::string>()];
    if (row.size() < kMapColumns && i + 1 < partitions.size()) continue;
    page.line(fmt::format("  {:>6}  {}", i + 1 - row.size(), row));
    row.clear();
  }
}

}  // namespace

int status_command(const ClientArguments& arguments, Contact& contact) {
  const auto health = ask_json(contact, "/api/v1/cluster/health");
  if (!health) return unanswered(arguments, health.error());
  const auto stats = ask_json(contact, "/api/v1/cluster/stats");
  if (!stats) return unanswered(arguments, stats.error());
  Json nodes = Json::array();
  bool fine = true;
  for (const Json& member : health->at("members")) {
    nodes.push_back(ask_member(arguments, member));
    fine = fine && nodes.back().at("state") == "serving" && member.at("reachable").get<bool>();
  }
  const std::string asked = health->at("node");
  if (arguments.json) {
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

int ring_command(const ClientArguments& arguments, Contact& contact) {
  const auto ring = ask_json(contact, "/api/v1/cluster/ring");
  if (!ring) return unanswered(arguments, ring.error());
  if (arguments.json) {
    print_json(*ring);
  } else {
    print_ring(*ring);
  }
  return kAllHeld;
}

int preflist_command(const ClientArguments& arguments, Contact& contact) {
  const auto list =
      ask_json(contact, "/api/v1/cluster/preflist/" + url_escaped(arguments.key) + bucket_query(arguments));
  if (!list) return unanswered(arguments, list.error());
  if (arguments.json) return print_json(*list), kAllHeld;
  Page page(stdout);
  page.line(fmt::format("{} is in partition {} (hash {}):", key_shown(arguments), list->at("partition").get<int>(),
                        list->at("hash").get<std::string>()));
  page.blank();
  Table table({"node", "role", "API", "reachable"});
  std::uint64_t place = 0;
  for (const Json& node : list->at("preference_list")) {
    ++place;
    const bool reachable = node.at("reachable").get<bool>();
    table.row({node.at("name"), node.at("primary").get<bool>() ? fmt::format("replica {}", place) : "stands in",
               "http://" + node.at("http").get<std::string>(), reachable ? "yes" : "no"},
              reachable ? Tone::kPlain : Tone::kBad);
  }
  table.print(page);
  return kAllHeld;
}

}  // namespace dkv::cli
