#include "cli/run/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/run/why.h"
#include "cli/terminal/text.h"
#include "engine/input/units.h"
#include "sim/scenario/load.h"
#include "sim/story/setbacks.h"
#include "sim/world/populations.h"

namespace dkv::cli {
namespace {

using sim::Invariant;
using sim::RunResult;
using sim::Scenario;

constexpr std::size_t kFindingsMost = 10;

std::uint64_t metric(const RunResult& result, const char* name) {
  return static_cast<std::uint64_t>(result.metrics.at(name));
}

// The times run from the request to the answer. A client of an open load may be busy when its next operation falls due.
// A separate line tells the wait in the client's queue.
void operations_table(Page& page, const RunResult& result) {
  page.line(fmt::format("  {:<12}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}", "operations", "done", "refused", "unknown",
                        "p50", "p99", "p99.9"),
            Tone::kStrong);
  for (std::size_t kind = 0; kind < sim::kOperationKinds; ++kind) {
    const sim::OperationCount& count = result.operations[kind];
    if (count.ok + count.refused + count.unknown == 0) continue;
    const sim::Histogram& service = result.service[kind];
    const auto at = [&](std::uint32_t part) { return count.ok == 0 ? "-" : duration(service.quantile(part)); };
    page.line(fmt::format("  {:<12}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}",
                          sim::operation_name(static_cast<sim::OperationKind>(kind)), grouped(count.ok),
                          grouped(count.refused), grouped(count.unknown), at(5000), at(9900), at(9990)));
  }
  if (result.waiting.greatest() > 0) {
    const auto at = [&](std::uint32_t part) { return duration(result.waiting.quantile(part)); };
    page.line(fmt::format("  {:<12}{:>42}{:>10}{:>10}", "waiting", at(5000), at(9900), at(9990)));
    page.paragraph("waiting: from the time when the load wanted an operation to begin until a client was free to ask",
                   14);
  }
  const auto done = [&](const char* name) {
    return sim::nothing_behind(name, result) != nullptr ? std::string("none") : percent(result.metrics.at(name));
  };
  if (const char* nothing = sim::nothing_behind("availability", result)) {
    return page.line(fmt::format("  {:<12}{}", "available", nothing));
  }
  page.line(fmt::format("  {:<12}{} of all operations, {} of reads, {} of writes were done", "available",
                        done("availability"), done("availability_reads"), done("availability_writes")));
}

void cluster_lines(Page& page, const RunResult& result, const Scenario& scenario) {
  const auto number = [&](const char* name) { return grouped(metric(result, name)); };
  if (metric(result, "hints_made") + metric(result, "hints_refused") > 0) {
    page.item("hints", fmt::format("{} made = {} delivered + {} superseded by a newer one + {} expired + {} lost with "
                                   "their disk + {} pending; {} refused",
                                   number("hints_made"), number("hints_delivered"), number("hints_superseded"),
                                   number("hints_expired"), number("hints_lost"), number("hints_pending"),
                                   number("hints_refused")));
  }
  page.item("repairs",
            fmt::format("{} by reads, {} by anti-entropy", number("read_repairs"), number("anti_entropy_repairs")));
  if (metric(result, "tombstones_reaped") > 0) {
    page.item("tombstones", fmt::format("forgotten {} by replicas, after a proof that nothing older is left",
                                        counted(metric(result, "tombstones_reaped"), "time")));
  }
  page.item("messages", fmt::format("{} sent, {} lost ({})", number("messages_sent"), number("messages_lost"),
                                    fmt::format("{:.2f}%", 100 * result.metrics.at("messages_lost") /
                                                               std::max(1.0, result.metrics.at("messages_sent")))));
  page.item("reads", fmt::format("{} judged, {} stale, at most {} of one key", number("reads_judged"),
                                 number("stale_reads"), counted(metric(result, "siblings_read_max"), "sibling")));
  page.item("faults", fmt::format("{}, {}", counted(result.faults.size(), "fault"),
                                  counted(metric(result, "restarts"), "restart")));
  for (const std::uint32_t index : result.world.idle_faults) {
    page.item("", fmt::format("{} changed nothing", sim::write_fault(result.faults[index], scenario)), Tone::kFault);
  }
  if (metric(result, "storage_failures") + metric(result, "disk_damages") + metric(result, "refused_full") > 0) {
    page.item("disks", fmt::format("{} a node stopped because its disk failed; {} damaged, {} found; {} refused for "
                                   "lack of room",
                                   counted(metric(result, "storage_failures"), "time"),
                                   counted(metric(result, "disk_damages"), "place"), number("damages_found"),
                                   counted(metric(result, "refused_full"), "write")));
  }
  page.item("stores",
            fmt::format("{}, {} from the disk and {} from memory; {} on the disks at the end",
                        counted(metric(result, "merges"), "merge"), counted(metric(result, "cold_reads"), "value"),
                        number("cache_hits"), fmt::format("{:.1f} KiB", result.metrics.at("disk_bytes") / 1024)));
  if (metric(result, "appends_lost") > 0) {
    page.item("unsynced",
              fmt::format("{} were lost in power losses before they were durable; none had been acknowledged there",
                          counted(metric(result, "appends_lost"), "state")));
  }
}

std::uint64_t count(const std::vector<sim::Violation>& violations, Invariant invariant) {
  return static_cast<std::uint64_t>(std::ranges::count(violations, invariant, &sim::Violation::invariant));
}

void judgement(Page& page, const RunResult& result) {
  page.blank();
  page.line("  invariants", Tone::kStrong);
  for (const sim::InvariantInfo& info : sim::kInvariantList) {
    const std::uint64_t broken = count(result.violations, info.value);
    const std::uint64_t announced = count(result.expected_violations, info.value);
    std::string verdict = "held", more;
    Tone tone = Tone::kGood;
    if (broken > 0) {
      verdict = "BROKEN";
      more = fmt::format(" ({})", counted(broken, "time"));
      tone = Tone::kBad;
    } else if (announced > 0) {
      verdict = "broken";
      more = fmt::format(" ({}, as expected)", counted(announced, "time"));
      tone = Tone::kFault;
    } else if (const auto not_judged = std::ranges::find(result.not_judged, info.value, &sim::NotJudged::invariant);
               not_judged != result.not_judged.end()) {
      verdict = "-";
      more = fmt::format(" (not judged here: {})", not_judged->why);
      tone = Tone::kPlain;
    } else if (info.value == Invariant::kNoLostWrite && !result.excused.empty()) {
      more = fmt::format(" ({} excused, see below)", counted(result.excused.size(), "loss", "losses"));
    } else if (const auto deletes =
                   static_cast<std::uint64_t>(std::ranges::count(result.excused, true, &sim::Excused::remove));
               info.value == Invariant::kNoResurrection && deletes > 0) {
      more = fmt::format(" ({} excused, see below)", counted(deletes, "lost delete"));
    }
    page.item(verdict, fmt::format("{:<4}{:<23} {}{}", info.code, info.name, info.promise, more), tone);
  }
}

void list_violations(Page& page, const std::vector<sim::Violation>& violations, const RunResult& result,
                     const Scenario& scenario, Tone tone) {
  for (std::size_t i = 0; i < std::min(violations.size(), kFindingsMost); ++i) {
    const sim::Violation& one = violations[i];
    const std::string node = one.node == kNoNode ? "" : ", " + node_name(scenario, one.node);
    const std::string key = one.key.empty() ? "" : ", key " + shown(one.key, 24);
    page.item(
        sim::invariant_code(one.invariant),
        fmt::format("at {}{}{}: {}{}", clock_time(one.at_ns), node, key, one.detail,
                    one.invariant == Invariant::kConvergence ? story::paths_off(scenario, result.judge.hints_expired)
                                                             : std::string()),
        tone);
  }
  if (violations.size() > kFindingsMost) {
    page.item("", fmt::format("and {} more", violations.size() - kFindingsMost), tone);
  }
}

void findings(Page& page, const RunResult& result, const Scenario& scenario) {
  if (!result.violations.empty()) {
    page.blank();
    page.line("  broken", Tone::kBad);
    list_violations(page, result.violations, result, scenario, Tone::kBad);
  }
  if (!result.failed_expectations.empty()) {
    page.blank();
    page.line("  expectations that failed", Tone::kBad);
    for (std::size_t i = 0; i < std::min(result.failed_expectations.size(), kFindingsMost); ++i) {
      page.item("!!", result.failed_expectations[i], Tone::kBad);
    }
    if (result.failed_expectations.size() > kFindingsMost) {
      page.item("", fmt::format("and {} more", result.failed_expectations.size() - kFindingsMost));
    }
  }
}

// losses: the first ones of `count`.
void list_losses(Page& page, const char* title, const std::vector<sim::Excused>& losses, std::uint64_t count) {
  if (losses.empty()) return;
  page.blank();
  page.line(title, Tone::kFault);
  const std::size_t most = std::min(losses.size(), kFindingsMost);
  for (std::size_t i = 0; i < most; ++i) {
    page.item(
        "", fmt::format("at {}, key {}: {}", clock_time(losses[i].at_ns), shown(losses[i].key, 24), losses[i].detail));
  }
  if (count > most) page.item("", fmt::format("and {} more", count - most));
}

void excuses(Page& page, const RunResult& result, const Scenario& scenario) {
  if (!result.expected_violations.empty()) {
    page.blank();
    page.line("  violations that this scenario expects", Tone::kFault);
    list_violations(page, result.expected_violations, result, scenario, Tone::kFault);
  }
  list_losses(page, "  excused: the faults destroyed every durable copy", result.excused, result.excused.size());
  list_losses(page, "  acknowledged, but discarded by last-write-wins for a write whose writer had not seen it",
              result.discarded, metric(result, "discarded_by_lww"));
}

void expectations(Page& page, const RunResult& result, const Scenario& scenario) {
  if (scenario.expect.empty()) return;
  page.blank();
  page.line("  expectations", Tone::kStrong);
  for (const sim::Expectation& expect : scenario.expect) {
    const bool failed = std::ranges::any_of(result.failed_expectations, [&](const std::string& text) {
      return text.starts_with(expect.text + ":") && text.ends_with(fmt::format("(line {})", expect.line));
    });
    const char* nothing = sim::nothing_behind(expect.metric, result);
    page.item(failed ? "!!" : "held",
              nothing != nullptr ? fmt::format("{} (nothing to judge: {})", expect.text, nothing)
                                 : fmt::format("{} (it is {:.6g})", expect.text, result.metrics.at(expect.metric)),
              failed ? Tone::kBad : Tone::kGood);
  }
}

void verdict(Page& page, const RunResult& result) {
  const double sim_seconds = static_cast<double>(result.sim_ns) / 1e9;
  const std::string pace = result.wall_seconds > 0
                               ? fmt::format(" (x{} real time)", rate(sim_seconds / result.wall_seconds))
                               : std::string();
  page.line(fmt::format("{}  {}  seed {}  fingerprint {}  {} events in {:.2f}s{}", result.pass ? "PASS" : "FAIL",
                        result.scenario, result.seed, hex16(result.fingerprint), grouped(result.events),
                        result.wall_seconds, pace),
            result.pass ? Tone::kGood : Tone::kBad);
  if (const std::string failure = first_failure(result); !failure.empty()) page.paragraph(failure, 6);
}

}  // namespace

void summarize(Page& page, const RunResult& result, const Scenario& scenario, const std::vector<why::Chain>& chains) {
  operations_table(page, result);
  page.blank();
  cluster_lines(page, result, scenario);
  judgement(page, result);
  expectations(page, result, scenario);
  excuses(page, result, scenario);
  findings(page, result, scenario);
  print_chains(page, chains);
  page.blank();
  verdict(page, result);
}

void summarize_briefly(Page& page, const RunResult& result, const Scenario& scenario,
                       const std::vector<why::Chain>& chains) {
  findings(page, result, scenario);
  print_chains(page, chains);
  if (!result.pass) page.blank();
  verdict(page, result);
}

}  // namespace dkv::cli
