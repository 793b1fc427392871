#include "cli/verdict/verdict_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/terminal/json.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

using sim::Curve;
using sim::Interval;

constexpr std::size_t kBarColumns = 50;
constexpr std::size_t kThenMost = 8;

std::string whole_percent(double share) {
  return fmt::format("{:.0f}%", share * 100);
}

// "37-54%".
std::string range(const Interval& interval) {
  return fmt::format("{:.0f}-{:.0f}%", interval.low * 100, interval.high * 100);
}

std::string with_range(const Curve::Point& point) {
  return fmt::format("{} ({})", whole_percent(point.share()), range(point.interval()));
}

// Full up to the lower bound of the interval, shaded up to the upper one.
std::string bar(const Interval& interval) {
  const auto columns = [](double share) {
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(kBarColumns)));
  };
  std::string text;
  for (std::size_t i = 0; i < columns(interval.low); ++i) text += "█";
  for (std::size_t i = columns(interval.low); i < columns(interval.high); ++i) text += "▒";
  return text + std::string(kBarColumns - columns(interval.high), ' ');
}

bool is_jump(const Verdict::Rise& rise) {
  return rise.account.has_value();
}

void curve_rows(Page& page, const Verdict& verdict) {
  const auto follows_jump = [&](const Verdict::Moment& moment) {
    return std::ranges::any_of(
        verdict.rises, [&](const Verdict::Rise& rise) { return is_jump(rise) && rise.after.event == moment.event; });
  };
  page.line(fmt::format("  {:>9}{:>10}{:>7}  {:<{}}{}", "time", "event", "lost", "0%", kBarColumns - 3, "100%") +
                (verdict.shows_alike ? " alike" : ""),
            Tone::kStrong);
  for (const Verdict::Moment& moment : verdict.moments) {
    const bool jump = follows_jump(moment);
    page.line(
        fmt::format("{} {:>9}{:>10}{:>7}  {} ", jump ? ">" : " ", clock_time(moment.at_ns), grouped(moment.event),
                    whole_percent(moment.point.share()), bar(moment.point.interval())) +
            (moment.alike && verdict.shows_alike ? fmt::format("{:>6}", whole_percent(moment.alike->share())) : ""),
        jump ? Tone::kBad : Tone::kPlain);
  }
}

void tell_change(Page& page, const Verdict::Rise& rise, bool rises) {
  const std::string from_to = fmt::format("from {} to {}", with_range(rise.before.point), with_range(rise.after.point));
  if (!is_jump(rise)) {
    page.paragraph(fmt::format("The probability {} {} between {} and {}, events {} to {}.", rises ? "rises" : "falls",
                               from_to, clock_time(rise.before.at_ns), clock_time(rise.after.at_ns),
                               grouped(rise.before.event), grouped(rise.after.event)),
                   2, Tone::kStrong);
    return;
  }
  const story::EventAccount& account = *rise.account;
  page.paragraph(fmt::format("It {} {} at {}, event {}:", rises ? "jumps" : "falls", from_to,
                             clock_time(rise.after.at_ns), grouped(account.number)),
                 2, Tone::kStrong);
  page.item("what", account.what);
  for (std::size_t i = 0; i < std::min(account.then.size(), kThenMost); ++i) page.item("then", account.then[i]);
  if (account.then.size() > kThenMost) {
    page.item("then", counted(account.then.size() - kThenMost, "more thing follows", "more things follow"));
  }
  for (const std::string& fault : account.on) page.item("while", fault, Tone::kFault);
}

void tell_ends(Page& page, const Verdict& verdict) {
  if (verdict.moments.empty()) return;
  const Curve::Point& first = verdict.moments.front().point;
  if (verdict.moments.front().event == 0 && first.failed == first.played) {
    page.paragraph(fmt::format("The run was lost from its beginning: {} of {} copies fail, whatever the luck. Its "
                               "scenario, its steps and its faults are enough.",
                               first.failed, first.played),
                   2, Tone::kStrong);
  } else if (verdict.rises.empty()) {
    page.paragraph("No rise is beyond doubt with so few copies. More of them narrow the intervals: --copies.", 2);
  }
}

const char* end_words(VerdictEnd end) {
  switch (end) {
    case VerdictEnd::kComplete: return "complete";
    case VerdictEnd::kTime: return "ended by --time, before it was complete";
    case VerdictEnd::kInterrupt: return "interrupted, before it was complete";
  }
  return "";
}

const char* end_word(VerdictEnd end) {
  switch (end) {
    case VerdictEnd::kComplete: return "complete";
    case VerdictEnd::kTime: return "time";
    case VerdictEnd::kInterrupt: return "interrupt";
  }
  return "";
}

double rounded(double share) {
  return std::round(share * 1e4) / 1e4;
}

Json point_json(const Curve::Point& point) {
  return {{"played", point.played},
          {"failed", point.failed},
          {"share", rounded(point.share())},
          {"low", rounded(point.interval().low)},
          {"high", rounded(point.interval().high)}};
}

Json moment_json(const Verdict::Moment& moment) {
  Json json = {{"event", moment.event}, {"at", static_cast<double>(moment.at_ns) / 1e9}};
  json.update(point_json(moment.point));
  json["alike"] = moment.alike ? point_json(*moment.alike) : Json(nullptr);
  return json;
}

Json rise_json(const Verdict::Rise& rise, const sim::Scenario& scenario) {
  Json json = {{"before", moment_json(rise.before)}, {"after", moment_json(rise.after)}, {"event", nullptr}};
  if (!rise.account) return json;
  const story::EventAccount& account = *rise.account;
  json["event"] = {{"number", account.number},
                   {"at", static_cast<double>(account.at_ns) / 1e9},
                   {"kind", sim::event_word(account.kind)},
                   {"node", account.node == kNoNode ? Json(nullptr) : Json(node_name(scenario, account.node))},
                   {"key", account.key.empty() ? Json(nullptr) : Json(account.key)},
                   {"what", account.what},
                   {"then", account.then},
                   {"faults", account.on}};
  return json;
}

}  // namespace

std::string verdict_json(const LostRun& run, const Verdict& verdict) {
  const sim::SameFailure& failure = run.failure;
  const bool invariant = failure.kind == sim::SameFailure::Kind::kInvariant;
  Json json = {{"scenario", run.result.scenario},
               {"seed", run.result.seed},
               {"failure", first_failure(run.result)},
               {"invariant", invariant ? Json(sim::invariant_code(failure.invariant)) : Json(nullptr)},
               {"key", invariant && !failure.key.empty() ? Json(failure.key) : Json(nullptr)},
               {"events", run.result.events},
               {"certain_at_event", run.last_event},
               {"end", end_word(verdict.end)},
               {"copies", verdict.copies_played},
               {"wall_seconds", verdict.wall_seconds}};
  Json moments = Json::array(), rises = Json::array(), falls = Json::array();
  for (const Verdict::Moment& moment : verdict.moments) moments.push_back(moment_json(moment));
  for (const Verdict::Rise& rise : verdict.rises) rises.push_back(rise_json(rise, *run.source.scenario));
  json["moments"] = std::move(moments);
  for (const Verdict::Rise& fall : verdict.falls) falls.push_back(rise_json(fall, *run.source.scenario));
  json["rises"] = std::move(rises);
  json["falls"] = std::move(falls);
  return json_line(json);
}

void print_verdict(Page& page, const LostRun& run, const Verdict& verdict, const std::string& path) {
  page.paragraph(first_failure(run.result), 0, Tone::kBad);
  page.blank();
  page.paragraph(
      "How probable it was at earlier moments: the share of copies that fail by it with other luck from "
      "there on, and its 95% interval.");
  if (verdict.shows_alike) page.paragraph("alike: runs that break the same invariant at any key and time.");
  page.blank();
  curve_rows(page, verdict);
  page.blank();
  tell_ends(page, verdict);
  for (const Verdict::Rise& rise : verdict.rises) {
    tell_change(page, rise, true);
    page.blank();
  }
  for (const Verdict::Rise& fall : verdict.falls) {
    tell_change(page, fall, false);
    page.blank();
  }
  page.line(fmt::format("  {} in {:.1f} s; {}", counted(verdict.copies_played, "copy", "copies"), verdict.wall_seconds,
                        end_words(verdict.end)),
            Tone::kDim);
  if (!verdict.rises.empty() && is_jump(verdict.rises.front())) {
    page.line(fmt::format("  distri-kv-viz {} --focus event={}", path, verdict.rises.front().after.event), Tone::kDim);
  }
}

}  // namespace dkv::cli
