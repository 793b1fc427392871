#include "viz/model/clients.h"

#include <algorithm>

#include "sim/scenario/load.h"

namespace dkv::viz {
namespace {

TimeNs quantile(const std::vector<TimeNs>& sorted, std::size_t percent) {
  return sorted.empty() ? -1 : sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

}  // namespace

std::vector<OperationBar> operation_bars(const Branch& branch, const sim::World& world, KeyTable& keys, TimeNs from_ns,
                                         TimeNs to_ns, std::size_t most) {
  std::vector<OperationBar> bars;
  const auto name_of = [&](std::uint32_t session) {
    const std::string* const name =
        session < world.clients().session_count() ? world.clients().session_name(session) : nullptr;
    return name ? *name : std::string();
  };
  const EventNumber first = branch.log.first_at(from_ns);
  branch.log.each_operation(first, branch.explored, [&](const OperationRecord& one) {
    if (one.finished_ns < from_ns || one.started_ns > to_ns || bars.size() >= most) return;
    bars.push_back({.session = one.session,
                    .name = name_of(one.session),
                    .kind = one.kind,
                    .key = one.key,
                    .via = long_node(one.via),
                    .started_ns = one.started_ns,
                    .finished_ns = one.finished_ns,
                    .event = one.event,
                    .end = one.end,
                    .reason = one.reason,
                    .value = std::string(one.value.view()),
                    .siblings = one.siblings});
  });
  // Beyond the moment that is shown the log says how these end.
  const bool frontier = world.events() == branch.explored;
  for (const sim::RunningOperation& one : frontier ? world.clients().running() : std::vector<sim::RunningOperation>()) {
    if (one.started_ns > to_ns || bars.size() >= most) continue;
    bars.push_back({.session = one.session,
                    .name = name_of(one.session),
                    .kind = one.kind,
                    .key = keys.number(*one.key),
                    .via = one.via,
                    .started_ns = one.started_ns,
                    .value = {}});
  }
  std::ranges::stable_sort(bars, [](const OperationBar& a, const OperationBar& b) {
    return a.session != b.session ? a.session < b.session : a.started_ns < b.started_ns;
  });
  return bars;
}

std::vector<TrafficStep> traffic(const Branch& branch, TimeNs from_ns, TimeNs to_ns, std::size_t steps) {
  const auto count = static_cast<TimeNs>(std::max<std::size_t>(steps, 1));
  const TimeNs span_ns = std::max<TimeNs>(to_ns - from_ns, 1);
  std::vector<TrafficStep> out(static_cast<std::size_t>(count));
  for (TimeNs i = 0; i < count; ++i) out[static_cast<std::size_t>(i)].from_ns = from_ns + span_ns * i / count;
  std::vector<TimeNs> latencies;
  auto point = std::ranges::lower_bound(branch.points, from_ns, {}, &OperationPoint::finished_ns);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const TimeNs end_ns = i + 1 < out.size() ? out[i + 1].from_ns : to_ns;
    latencies.clear();
    for (; point != branch.points.end() && point->finished_ns < end_ns; ++point) {
      switch (point->end) {
        case OperationEnd::kDone:
          ++out[i].done[static_cast<std::size_t>(point->kind)];
          latencies.push_back(point->latency_ns);
          break;
        case OperationEnd::kRefused: ++out[i].refused; break;
        case OperationEnd::kUnknown:
        case OperationEnd::kGaveUp: ++out[i].unknown; break;
      }
    }
    std::ranges::sort(latencies);
    out[i].p50_ns = quantile(latencies, 50);
    out[i].p99_ns = quantile(latencies, 99);
    out[i].worst_ns = latencies.empty() ? -1 : latencies.back();
  }
  return out;
}

std::vector<FaultSpan> fault_spans(const Branch& branch, const sim::World& world) {
  const sim::Scenario& scenario = world.scenario();
  std::vector<FaultSpan> spans;
  for (std::uint32_t i = 0; i < world.schedule().size(); ++i) {
    const sim::Fault& fault = world.schedule()[i];
    spans.push_back(
        {.fault = i,
         .kind = fault.kind,
         .from_ns = fault.at_ns,
         .to_ns = fault.for_ns > 0 ? std::min(fault.at_ns + fault.for_ns, scenario.run_ns) : scenario.run_ns,
         .text = sim::write_fault(fault, scenario)});
  }
  // Those of commands begin one after the other, and end where a landmark says so.
  for (const Note& note : branch.landmarks) {
    if (note.kind != NoteKind::kFaultBegins && note.kind != NoteKind::kFaultEnds) continue;
    const auto number = static_cast<std::uint32_t>(note.number);
    if (number < world.schedule().size()) {
      if (note.kind == NoteKind::kFaultEnds) spans[number].to_ns = note.at_ns;
      continue;
    }
    if (note.kind == NoteKind::kFaultBegins) {
      spans.push_back({.fault = number,
                       .kind = static_cast<sim::FaultKind>(note.what),
                       .from_ns = note.at_ns,
                       .to_ns = scenario.run_ns,
                       .by_command = true,
                       .text = {}});
      continue;
    }
    for (FaultSpan& span : spans) {
      if (span.fault == number) span.to_ns = note.at_ns;
    }
  }
  return spans;
}

}  // namespace dkv::viz
