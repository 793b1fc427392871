#include "cli/fuzz/fuzz_report.h"

#include <fmt/format.h>

#include "cli/run/result_json.h"
#include "cli/run/why.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

double per(double amount, double seconds) {
  return seconds > 0 ? amount / seconds : 0;
}

Json groups_json(const FuzzReport& report) {
  Json groups = Json::array();
  for (const FuzzGroup& group : report.groups) {
    const bool shrunk = !group.small.empty();
    groups.push_back({{"kind", group.kind},
                      {"cause", group.cause.empty() ? Json(nullptr) : Json(group.cause)},
                      {"failures", group.failures},
                      {"first_seed", group.first_seed},
                      {"capsule", group.capsule},
                      {"small", shrunk ? Json(group.small) : Json(nullptr)},
                      {"left", shrunk ? Json(group.left) : Json(nullptr)},
                      {"fault_kinds", group.fault_kinds},
                      {"why", group.why_json}});
  }
  return groups;
}

void print_groups(Page& page, const FuzzReport& report) {
  if (report.groups.empty()) return;
  page.line("  kinds of failures and their causes, in how many of the runs", Tone::kStrong);
  for (const FuzzGroup& group : report.groups) {
    page.line(fmt::format("  {:>9}  {:<26}first in seed {}", grouped(group.failures), group.kind, group.first_seed),
              Tone::kBad);
    if (!group.cause.empty()) page.paragraph("cause: " + group.cause, 13);
    if (group.small.empty()) {
      page.line("             distri-kv shrink " + group.capsule);
    } else {
      page.line(
          fmt::format("             {} are left ({})", group.left,
                      group.fault_kinds.empty() ? "no fault" : fmt::format("{}", fmt::join(group.fault_kinds, ", "))));
      page.line("             distri-kv run " + group.small);
    }
    if (group.why) print_chain(page, *group.why);
  }
  page.blank();
}

}  // namespace

void add_to_groups(const FuzzFailure& failure, FuzzReport& report) {
  for (FuzzGroup& group : report.groups) {
    if (group.kind != failure.kind || group.cause != failure.cause) continue;
    ++group.failures;
    return;
  }
  report.groups.push_back({.kind = failure.kind,
                           .cause = failure.cause,
                           .failures = 1,
                           .first_seed = failure.seed,
                           .capsule = failure.capsule});
}

std::string fuzz_json(const FuzzReport& report) {
  Json failures = Json::array();
  for (const FuzzFailure& failure : report.failures) {
    failures.push_back({{"seed", failure.seed},
                        {"capsule", failure.capsule},
                        {"invariant", failure.invariant},
                        {"kind", failure.kind},
                        {"cause", failure.cause.empty() ? Json(nullptr) : Json(failure.cause)},
                        {"detail", failure.what}});
  }
  Json probes = Json::array();
  for (const Probes::Probe& probe : report.probes.all()) {
    probes.push_back({{"name", probe.name}, {"hits", probe.hits}, {"meaning", probe.meaning}});
  }
  const double runs = static_cast<double>(report.runs), events = static_cast<double>(report.events);
  const Json json = {{"scenario", report.scenario.empty() ? Json(nullptr) : Json(report.scenario)},
                     {"runs", report.runs},
                     {"failed", report.failed},
                     {"interrupted", report.interrupted},
                     {"wall_seconds", report.wall_seconds},
                     {"cpu_seconds", report.cpu_seconds},
                     {"events", report.events},
                     {"sim_seconds", report.sim_seconds},
                     {"seeds_per_second", per(runs, report.wall_seconds)},
                     {"events_per_second", per(events, report.wall_seconds)},
                     {"sim_seconds_per_second", per(report.sim_seconds, report.wall_seconds)},
                     {"seeds_per_cpu_second", per(runs, report.cpu_seconds)},
                     {"events_per_cpu_second", per(events, report.cpu_seconds)},
                     {"sim_seconds_per_cpu_second", per(report.sim_seconds, report.cpu_seconds)},
                     {"failures", std::move(failures)},
                     {"groups", groups_json(report)},
                     {"probes", std::move(probes)}};
  return json_line(json);
}

void print_report(Page& page, const FuzzReport& report) {
  page.blank();
  page.line("  rare situations, and the number of runs that reached them", Tone::kStrong);
  for (const Probes::Probe& probe : report.probes.all()) {
    const bool fault = probe.name.starts_with("fault_");
    if (fault) continue;
    page.line(fmt::format("  {:>9}  {:<22}{}", grouped(probe.hits), probe.name, probe.meaning),
              probe.hits == 0 ? Tone::kDim : Tone::kPlain);
  }
  std::string faults;
  for (const Probes::Probe& probe : report.probes.all()) {
    if (!probe.name.starts_with("fault_")) continue;
    faults += fmt::format("{}{} {}", faults.empty() ? "" : ", ", probe.name.substr(6), grouped(probe.hits));
  }
  page.item("faults", faults);
  page.blank();
  print_groups(page, report);
  if (report.palette_added) {
    page.paragraph(
        "The scenario has no random faults of its own, so faults of all kinds were added. Its expectations "
        "do not take them into account, so only the invariants were judged.",
        2);
  }
  page.item("speed",
            fmt::format("{} seeds, {} events and {} simulated seconds in each second of time ({:.1f} s); {}, {} "
                        "and {} in each second of a processor ({:.1f} s)",
                        rate(per(static_cast<double>(report.runs), report.wall_seconds)),
                        rate(per(static_cast<double>(report.events), report.wall_seconds)),
                        rate(per(report.sim_seconds, report.wall_seconds)), report.wall_seconds,
                        rate(per(static_cast<double>(report.runs), report.cpu_seconds)),
                        rate(per(static_cast<double>(report.events), report.cpu_seconds)),
                        rate(per(report.sim_seconds, report.cpu_seconds)), report.cpu_seconds));
  page.line(fmt::format("{}  {}  {} played{}, {} failed", report.failed > 0 ? "FAIL" : "PASS",
                        report.scenario.empty() ? "swarm" : report.scenario, counted(report.runs, "seed"),
                        report.interrupted ? " before the interrupt" : "", grouped(report.failed)),
            report.failed > 0 ? Tone::kBad : Tone::kGood);
}

}  // namespace dkv::cli
