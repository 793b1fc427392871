#include "cli/fuzz/fuzz_why.h"

#include <algorithm>

#include "cli/run/play.h"
#include "cli/run/why.h"
#include "cli/terminal/interrupt.h"

namespace dkv::cli {

void explain_groups(const SeedMaker& maker, FuzzReport& report) {
  const std::size_t count = std::min(report.groups.size(), kGroupsExplainedMax);
  for (std::size_t i = 0; i < count; ++i) {
    if (interrupted()) return;
    FuzzGroup& group = report.groups[i];
    if (group.kind == "aborted") continue;  // to play it would end this process
    const Source source = maker.make(group.first_seed);
    const sim::RunResult result = play(source, {}, nullptr);
    std::vector<why::Chain> chains = explain(source, {}, result, false);
    if (chains.empty()) continue;
    group.why = std::move(chains.front());
    group.why_json = chain_json(*group.why, *source.scenario);
  }
}

}  // namespace dkv::cli
