#include "cli/shrink/shrink_report.h"

#include <fmt/format.h>

#include "cli/shrink/small_file.h"
#include "cli/terminal/json.h"
#include "cli/terminal/text.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

const char* end_word(ShrinkEnd end) {
  switch (end) {
    case ShrinkEnd::kNothingLeft: return "nothing_left";
    case ShrinkEnd::kTries: return "tries";
    case ShrinkEnd::kTime: return "time";
    case ShrinkEnd::kInterrupt: return "interrupt";
  }
  return "";
}

Json failure_json(const sim::Failure& failure) {
  Json json = {{"kind", sim::target_word(failure.target)}, {"what", sim::target_text(failure.target)}};
  const bool breach = failure.target.kind == sim::Target::Kind::kBreach;
  const auto invariant = sim::invariant_of(failure.target.breach);
  json["invariant"] = breach ? Json(sim::invariant_code(invariant)) : Json(nullptr);
  json["key"] = failure.key;
  json["detail"] = failure.detail;
  return json;
}

Json size_json(const sim::Size& size, std::uint64_t operations) {
  return {{"faults", size.faults},
          {"commands", size.commands},
          {"operations", operations},
          {"steps", size.operations},
          {"clients", size.clients},
          {"nodes", size.nodes},
          {"run_seconds", static_cast<double>(size.run_ns) / 1e9}};
}

}  // namespace

std::string shrink_json(const Shrunk& shrunk, const std::string& input, const std::string& output,
                        const std::vector<std::string>& others) {
  Json also = Json::array();
  for (const sim::Failure& failure : shrunk.also) also.push_back(failure_json(failure));
  Json met = Json::array();
  for (std::size_t i = 0; i < shrunk.others.size(); ++i) {
    met.push_back(failure_json(shrunk.others[i].failure));
    met.back()["scenario"] = others[i].empty() ? Json(nullptr) : Json(others[i]);
  }
  const Json json = {{"input", input},
                     {"output", output},
                     {"failure", failure_json(shrunk.failure)},
                     {"before", size_json(shrunk.before, shrunk.operations_before)},
                     {"after", size_json(shrunk.after, shrunk.operations_after)},
                     {"fingerprint", shrunk.fingerprint ? Json(hex16(*shrunk.fingerprint)) : Json(nullptr)},
                     {"commands_kept", kept_commands(shrunk.scenario)},
                     {"tries", shrunk.tries},
                     {"accepted", shrunk.accepted},
                     {"ended_by", end_word(shrunk.end)},
                     {"wall_seconds", shrunk.wall_seconds},
                     {"also_failed_before", std::move(also)},
                     {"other_failures", std::move(met)}};
  return json_line(json);
}

void print_shrunk(Page& page, const Shrunk& shrunk, const std::string& output, const std::vector<std::string>& others) {
  const std::string runs = counted(shrunk.tries, "run");
  if (shrunk.accepted == 0) {
    page.paragraph(fmt::format("Nothing could be cut: {} on {} are all needed. {} tried in {:.1f} s.",
                               what_is_left(shrunk), counted(shrunk.after.nodes, "node"), runs, shrunk.wall_seconds),
                   2);
  } else {
    page.paragraph(fmt::format("{} on {} became {} on {}, in {:.1f} s and {}.", what_there_was(shrunk),
                               counted(shrunk.before.nodes, "node"), what_is_left(shrunk),
                               counted(shrunk.after.nodes, "node"), shrunk.wall_seconds, runs),
                   2);
  }
  switch (shrunk.end) {
    case ShrinkEnd::kNothingLeft: break;
    case ShrinkEnd::kTries: page.paragraph("The tries are used up: more of them may find a smaller one.", 2); break;
    case ShrinkEnd::kTime: page.paragraph("The time is up: more of it may find a smaller one.", 2); break;
    case ShrinkEnd::kInterrupt: page.paragraph("Interrupted: this is the smallest one so far.", 2); break;
  }
  page.item("fails", sim::target_text(shrunk.failure.target));
  page.item("detail", shrunk.failure.detail);
  for (const std::string& command : kept_commands(shrunk.scenario)) page.item("command", command);
  for (const sim::Failure& failure : shrunk.also) {
    page.paragraph("Another failure of the first run was not cut: " + sim::target_text(failure.target), 2);
  }
  for (std::size_t i = 0; i < shrunk.others.size(); ++i) {
    page.paragraph("A run on the way failed in another way: " + sim::target_text(shrunk.others[i].failure.target), 2,
                   Tone::kBad);
    if (!others[i].empty()) page.line("    distri-kv run " + others[i]);
  }
  page.line("    distri-kv run " + output);
}

}  // namespace dkv::cli
