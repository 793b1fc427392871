// explain: the state of a key at each replica, side by side.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

// A paused node must not delay the others for long.
constexpr TimeNs kNodePatienceNs = 2 * kSecond;

// The answer of a node of the preference list: its "object" (null: nothing) and "hints", or an "error".
Json ask_replica(const ClientArguments& arguments, const Json& member) {
  Json json = {{"node", member.at("name")}, {"http", member.at("http")}, {"primary", member.at("primary")}};
  const auto address = parse_address(member.at("http").get<std::string>());
  if (!address) {
    json["error"] = "its address is invalid: " + address.error().what;
    return json;
  }
  HttpClient client(*address, arguments.timeout_ns > 0 ? arguments.timeout_ns : kNodePatienceNs);
  const auto held = ask_json(client, "/api/v1/admin/keys/" + url_escaped(arguments.key) + bucket_query(arguments));
  if (held) {
    json["object"] = held->at("object");
    json["hints"] = held->at("hints");
  } else {
    json["error"] = held.error().what;
  }
  return json;
}

// "n2.3fa9.2:17": the node, the first digits of its actor's id, the epoch, the counter.
std::string dot_text(const Json& dot) {
  return fmt::format("{}.{}.{}:{}", dot.value("node", "?"), dot.at("actor").get<std::string>().substr(0, 4),
                     dot.at("epoch").get<std::uint64_t>(), dot.at("counter").get<std::uint64_t>());
}

std::string clock_text(const Json& seen) {
  std::vector<std::string> dots;
  for (const Json& dot : seen) dots.push_back((dot.value("alone", false) ? "only " : "") + dot_text(dot));
  return joined(dots);
}

std::string digest_of(const Json& object) {
  return object.is_null() ? std::string() : object.at("digest").get<std::string>();
}

// A version that some node holds, with the nodes that hold it. Versions are in the order of their discovery.
struct Version {
  Json sibling;
  std::vector<std::string> holders;
};

void collect(const Json& object, const std::string& holder, std::vector<Version>& versions) {
  if (object.is_null()) return;
  for (const Json& sibling : object.at("siblings")) {
    const auto same = [&](const Version& version) { return version.sibling.at("vtag") == sibling.at("vtag"); };
    auto found = std::ranges::find_if(versions, same);
    if (found == versions.end()) found = versions.insert(versions.end(), {sibling, {}});
    if (std::ranges::find(found->holders, holder) == found->holders.end()) found->holders.push_back(holder);
  }
}

std::vector<Version> versions_of(const Json& replicas) {
  std::vector<Version> versions;
  for (const Json& replica : replicas) {
    if (replica.contains("error")) continue;
    const std::string name = replica.at("node");
    collect(replica.at("object"), name, versions);
    for (const Json& hint : replica.at("hints")) {
      collect(hint.at("object"), fmt::format("{} (for {})", name, hint.at("for").get<std::string>()), versions);
    }
  }
  return versions;
}

std::string numbers_of(const Json& object, const std::vector<Version>& versions) {
  if (object.is_null()) return "nothing";
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    for (const Json& sibling : object.at("siblings")) {
      if (sibling.at("vtag") == versions[i].sibling.at("vtag")) numbers.push_back(fmt::format("#{}", i + 1));
    }
  }
  return joined(numbers);
}

struct Verdict {
  bool same = false;     // all primaries answered and hold the same
  bool nothing = false;  // no node that answered holds anything
  std::vector<std::string> text;
};

Verdict judge(const Json& replicas) {
  std::vector<std::string> silent, waiting;
  std::set<std::string> digests;
  std::uint64_t answered = 0, held = 0;
  for (const Json& replica : replicas) {
    const std::string name = replica.at("node");
    const bool primary = replica.at("primary").get<bool>();
    if (replica.contains("error")) {
      if (primary) silent.push_back(name);
      continue;
    }
    for (const Json& hint : replica.at("hints")) {
      waiting.push_back(fmt::format("{} for {}", name, hint.at("for").get<std::string>()));
    }
    if (!replica.at("object").is_null()) ++held;
    if (!primary) continue;
    ++answered;
    digests.insert(digest_of(replica.at("object")));
  }
  Verdict verdict;
  verdict.same = silent.empty() && digests.size() <= 1 && waiting.empty();
  verdict.nothing = held == 0 && waiting.empty();
  if (digests.size() > 1) {
    verdict.text.push_back("The replicas differ: reads and anti-entropy will repair them.");
  } else if (verdict.nothing) {
    verdict.text.push_back("None of the nodes that answered holds anything.");
  } else if (answered == 1) {
    verdict.text.push_back("The one replica that answered holds the version shown.");
  } else if (answered > 1) {
    verdict.text.push_back(fmt::format("The {} replicas that answered hold the same versions.", answered));
  }
  if (!silent.empty()) verdict.text.push_back(listed(silent) + (silent.size() == 1 ? " does" : " do") + " not answer.");
  if (!waiting.empty()) verdict.text.push_back("Hints wait: " + listed(waiting) + ".");
  return verdict;
}

void print_versions(Page& page, const std::vector<Version>& versions) {
  if (versions.empty()) return;
  Table table({"version", "dot", "written", ">bytes", "held by"});
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Json& sibling = versions[i].sibling;
    const bool deleted = sibling.value("deleted", false);
    table.row({fmt::format("#{}", i + 1), dot_text(sibling), sibling.at("written"),
               deleted ? "deleted" : grouped(sibling.at("bytes").get<std::uint64_t>()), joined(versions[i].holders)});
  }
  page.blank();
  table.print(page);
}

void print_explained(const ClientArguments& arguments, const Json& list, const Json& replicas, const Verdict& verdict) {
  Page page(stdout);
  const auto versions = versions_of(replicas);
  page.line(fmt::format("{}, partition {}:", key_shown(arguments), list.at("partition").get<int>()));
  page.blank();
  Table table({"node", "role", "holds", "has seen", "hints"});
  std::uint64_t place = 0, idle = 0;
  for (const Json& replica : replicas) {
    const bool primary = replica.at("primary").get<bool>();
    const std::string role = primary ? fmt::format("replica {}", ++place) : "stands in";
    if (replica.contains("error")) {
      table.row({replica.at("node"), role, "?", "", ""}, primary ? Tone::kBad : Tone::kDim);
      continue;
    }
    const Json& object = replica.at("object");
    if (!primary && object.is_null() && replica.at("hints").empty()) {
      ++idle;
      continue;
    }
    std::vector<std::string> hints;
    for (const Json& hint : replica.at("hints")) {
      hints.push_back(
          fmt::format("{} for {}", numbers_of(hint.at("object"), versions), hint.at("for").get<std::string>()));
    }
    table.row({replica.at("node"), role, numbers_of(object, versions),
               object.is_null() ? "" : clock_text(object.at("seen")), joined(hints)});
  }
  table.print(page);
  if (idle > 0) page.line(fmt::format("  and {} without the key", counted(idle, "other node")), Tone::kDim);
  print_versions(page, versions);
  page.blank();
  for (const std::string& line : verdict.text) page.line(line, verdict.same ? Tone::kGood : Tone::kBad);
  for (const Json& replica : replicas) {
    if (replica.contains("error")) page.line("  " + replica.at("error").get<std::string>(), Tone::kDim);
  }
}

class Explain final : public PreferenceListCommand {
 public:
  Explain() : PreferenceListCommand("explain") {}

 private:
  int show(const Json& list) override {
    Json replicas = Json::array();
    for (const Json& member : list.at("preference_list")) replicas.push_back(ask_replica(arguments_, member));
    const Verdict verdict = judge(replicas);
    if (arguments_.json) {
      print_json({{"key", arguments_.key},
                  {"bucket", arguments_.bucket},
                  {"partition", list.at("partition")},
                  {"same", verdict.same},
                  {"replicas", replicas}});
    } else {
      print_explained(arguments_, list, replicas, verdict);
    }
    return verdict.same && !verdict.nothing ? kAllHeld : kFailed;
  }
};

}  // namespace

extern const CommandEntry kExplain;
const CommandEntry kExplain = {"explain", "Compare the versions of a key on every node of its preference list",
                               "Exit status: 0 all replicas hold the same versions; 1 they differ or do not answer.\n",
                               &make_command<Explain>};

}  // namespace dkv::cli
