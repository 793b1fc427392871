#include "cli/run/why.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "cli/terminal/text.h"
#include "sim/why/explain.h"

namespace dkv::cli {
namespace {

const char* heading_of(const why::Chain& chain) {
  switch (chain.about) {
    case why::About::kViolation: return chain.code.c_str();
    case why::About::kExpectation: return "!!";
    case why::About::kStaleRead: return "stale";
    case why::About::kRefusal: return "not done";
    case why::About::kExcused: return "excused";
    case why::About::kDiscarded: return "lww";
  }
  return "";
}

}  // namespace

std::vector<why::Chain> explain(const Source& source, const sim::WorldOptions& options, const sim::RunResult& result,
                                bool all) {
  return why::explain(source.scenario, source.seed, source.schedule, options, result, {.all = all});
}

void print_chain(Page& page, const why::Chain& chain) {
  page.item(heading_of(chain), chain.title, chain.about == why::About::kViolation ? Tone::kBad : Tone::kFault);
  std::size_t number = 0;
  for (const why::Step& step : chain.steps) {
    ++number;
    page.item(fmt::format("{:>5}.", number),
              fmt::format("{}, event {}: {}{}", clock_time(std::max<TimeNs>(step.when.at_ns, 0)), step.when.event,
                          step.proven ? "" : "NOT PROVED: ", step.text),
              step.proven ? Tone::kPlain : Tone::kFault);
  }
  if (chain.left_off > 0) page.item("", fmt::format("and {} more steps", chain.left_off));
}

void print_chains(Page& page, const std::vector<why::Chain>& chains) {
  if (chains.empty()) return;
  page.blank();
  page.line("  why", Tone::kStrong);
  std::set<std::string> told;  // the first chain of each invariant; --json has all
  std::size_t others = 0;
  for (const why::Chain& chain : chains) {
    if (chain.about == why::About::kViolation && !told.insert(chain.code).second) {
      ++others;
    } else {
      print_chain(page, chain);
    }
  }
  if (others > 0) {
    page.item("", fmt::format("{} of the same invariants {} in --json", counted(others, "chain"),
                              others == 1 ? "is" : "are"));
  }
}

Json chain_json(const why::Chain& chain, const sim::Scenario& scenario) {
  Json steps = Json::array();
  for (const why::Step& step : chain.steps) {
    steps.push_back({{"event", step.when.event},
                     {"at", static_cast<double>(step.when.at_ns) / 1e9},
                     {"node", step.node == kNoNode ? Json(nullptr) : Json(node_name(scenario, step.node))},
                     {"text", step.text},
                     {"proven", step.proven}});
  }
  return {{"about", why::about_name(chain.about)},
          {"invariant", chain.code.empty() ? Json(nullptr) : Json(chain.code)},
          {"finding", chain.title},
          {"key", chain.key.empty() ? Json(nullptr) : Json(chain.key)},
          {"cause", chain.cause.empty() ? Json(nullptr) : Json(chain.cause)},
          {"proven", chain.proven()},
          {"steps", std::move(steps)},
          {"steps_left_off", chain.left_off}};
}

Json chains_json(const std::vector<why::Chain>& chains, const sim::Scenario& scenario) {
  Json list = Json::array();
  for (const why::Chain& chain : chains) list.push_back(chain_json(chain, scenario));
  return list;
}

}  // namespace dkv::cli
