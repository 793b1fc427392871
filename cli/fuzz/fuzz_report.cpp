#include "cli/fuzz/fuzz_report.h"

#include <fmt/format.h>

#include "cli/run/result_json.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

double per(double amount, double seconds) {
  return seconds > 0 ? amount / seconds : 0;
}

}  // namespace

std::string fuzz_json(const FuzzReport& report) {
  Json failures = Json::array();
  for (const FuzzFailure& failure : report.failures) {
    failures.push_back({{"seed", failure.seed},
                        {"capsule", failure.capsule},
                        {"invariant", failure.invariant},
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
                     {"probes", std::move(probes)}};
  return json_line(json);
}

void print_report(Page& page, const FuzzReport& report) {
  page.blank();
  page.line("  rare situations, and the number of runs that reached them", Tone::kStrong);
  for (const Probes::Probe& probe : report.probes.all()) {
    const bool fault = probe.name.starts_with("fault_");
    if (fault) continue;
    page.line(fmt::format("  {:>9}  {:<20}{}", grouped(probe.hits), probe.name, probe.meaning),
              probe.hits == 0 ? Tone::kDim : Tone::kPlain);
  }
  std::string faults;
  for (const Probes::Probe& probe : report.probes.all()) {
    if (!probe.name.starts_with("fault_")) continue;
    faults += fmt::format("{}{} {}", faults.empty() ? "" : ", ", probe.name.substr(6), grouped(probe.hits));
  }
  page.item("faults", faults);
  page.blank();
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
