#include <fmt/format.h>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

class Preflist final : public PreferenceListCommand {
 public:
  Preflist() : PreferenceListCommand("preflist") {}

 private:
  int show(const Json& list) override {
    if (arguments_.json) return print_json(list), kAllHeld;
    Page page(stdout);
    page.line(fmt::format("{} is in partition {} (hash {}):", key_shown(arguments_), list.at("partition").get<int>(),
                          list.at("hash").get<std::string>()));
    page.blank();
    Table table({"node", "role", "API", "reachable"});
    std::uint64_t place = 0;
    for (const Json& node : list.at("preference_list")) {
      ++place;
      const bool reachable = node.at("reachable").get<bool>();
      table.row({node.at("name"), node.at("primary").get<bool>() ? fmt::format("replica {}", place) : "stands in",
                 "http://" + node.at("http").get<std::string>(), reachable ? "yes" : "no"},
                reachable ? Tone::kPlain : Tone::kBad);
    }
    table.print(page);
    return kAllHeld;
  }
};

}  // namespace

extern const CommandEntry kPreflist;
const CommandEntry kPreflist = {"preflist", "Show which nodes hold a key, and which stand in for them",
                                "Example:\n  distri-kv preflist cart --bucket shop\n", &make_command<Preflist>};

}  // namespace dkv::cli
