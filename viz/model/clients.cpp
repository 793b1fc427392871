#include "viz/model/clients.h"

#include <algorithm>

#include "sim/faults/catalogue.h"

namespace dkv::viz {
namespace {

TimeNs quantile(const std::vector<TimeNs>& sorted, std::size_t percent) {
  return sorted.empty() ? -1 : sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

}  // namespace

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
    const TimeNs end_ns = sim::strikes_once(fault.kind) ? fault.at_ns
                          : fault.for_ns > 0            ? std::min(fault.at_ns + fault.for_ns, scenario.run_ns)
                                                        : scenario.run_ns;
    spans.push_back({.fault = i, .kind = fault.kind, .from_ns = fault.at_ns, .to_ns = end_ns});
  }
  // Faults from commands begin one after the other. Landmarks tell when they end.
  for (const Note& note : branch.landmarks) {
    if (note.kind != NoteKind::kFaultBegins && note.kind != NoteKind::kFaultEnds) continue;
    const auto number = static_cast<std::uint32_t>(note.number);
    if (number < world.schedule().size()) {
      if (note.kind == NoteKind::kFaultEnds && !sim::strikes_once(spans[number].kind)) spans[number].to_ns = note.at_ns;
      continue;
    }
    if (note.kind == NoteKind::kFaultBegins) {
      spans.push_back({.fault = number,
                       .kind = static_cast<sim::FaultKind>(note.what),
                       .from_ns = note.at_ns,
                       .to_ns = scenario.run_ns,
                       .by_command = true});
      continue;
    }
    for (FaultSpan& span : spans) {
      if (span.fault == number) span.to_ns = note.at_ns;
    }
  }
  return spans;
}

}  // namespace dkv::viz
