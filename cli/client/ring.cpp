#include <fmt/format.h>

#include <map>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kMapColumns = 64;
constexpr std::string_view kMapLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

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
  page.line("The ring, with the first node of each partition:");
  std::string row;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    row += partitions[i].empty() ? '?' : letters[partitions[i].front().get<std::string>()];
    if (row.size() < kMapColumns && i + 1 < partitions.size()) continue;
    page.line(fmt::format("  {:>6}  {}", i + 1 - row.size(), row));
    row.clear();
  }
}

class Ring final : public ClientCommand {
 public:
  Ring() : ClientCommand("ring", false) {}

 private:
  void declare(Options& options) override { declare_contact(options); }

  int ask(Contact& contact) override {
    const auto ring = ask_json(contact, "/api/v1/cluster/ring");
    if (!ring) return unanswered(arguments_, ring.error());
    if (arguments_.json) {
      print_json(*ring);
    } else {
      print_ring(*ring);
    }
    return kAllHeld;
  }
};

}  // namespace

extern const CommandEntry kRing;
const CommandEntry kRing = {"ring", "Show the partitions of each node",
                            "Example:\n  distri-kv ring --at 127.0.0.1:8101\n", &make_command<Ring>};

}  // namespace dkv::cli
