#include "sim/draw/fault_schedule.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/assert.h"
#include "sim/draw/fault_draw.h"
#include "sim/faults/catalogue.h"
#include "sim/kernel/rng.h"

namespace dkv::sim {
namespace {

constexpr TimeNs kForEver = std::numeric_limits<TimeNs>::max();

TimeNs until(const Fault& fault) {
  return fault.for_ns == 0 ? kForEver : fault.at_ns + fault.for_ns;
}
bool overlap(const Fault& a, const Fault& b) {
  return a.at_ns <= until(b) && b.at_ns <= until(a);
}

// Such a fault continues while the process is down: a power loss during slow or failing syncs tears records.
bool breaks_disk(const FaultTraits& traits) {
  return traits.layer == FaultLayer::kDisk && !traits.takes_away();
}
// Whether a second fault is pointless on a node that the first one holds.
bool excludes(const FaultTraits& first, const FaultTraits& second) {
  if (first.layer == FaultLayer::kNetwork || second.layer == FaultLayer::kNetwork) return false;
  if (first.strikes_once) return false;
  if (first.kind == second.kind) return true;
  if (first.holds == FaultHolds::kClock && second.holds == FaultHolds::kClock) return true;
  if (breaks_disk(first) || breaks_disk(second)) return false;
  return first.takes_away() || second.takes_away();
}

// Removes nodes that other faults hold from the fault. False when no node is left.
bool settle(Fault& fault, const Schedule& others) {
  for (const Fault& other : others) {
    if (!overlap(fault, other)) continue;
    const FaultTraits& traits = traits_of(fault.kind);
    const FaultTraits& earlier = traits_of(other.kind);
    if (traits.holds == FaultHolds::kLink && earlier.holds == FaultHolds::kLink) {
      if (std::minmax(fault.from, fault.to) == std::minmax(other.from, other.to)) return false;
    }
    if (!excludes(earlier, traits)) continue;
    const std::vector<NodeId>& held = other.groups.at(0);
    std::erase_if(fault.groups.at(0),
                  [&](NodeId node) { return std::find(held.begin(), held.end(), node) != held.end(); });
    if (fault.groups[0].empty()) return false;
  }
  return true;
}

FaultKind draw_kind(const Palette& palette, Stream& random) {
  std::uint64_t total = 0;
  for (const auto& [kind, weight] : palette.kinds) total += weight;
  DKV_ASSERT(total > 0);
  std::uint64_t draw = random.below(total);
  for (const auto& [kind, weight] : palette.kinds) {
    if (draw < weight) return kind;
    draw -= weight;
  }
  return palette.kinds.back().first;
}

TimeNs whole_ms(TimeNs time_ns) {
  return time_ns / kMillisecond * kMillisecond;
}

void draw_palette(const Scenario& scenario, const Palette& palette, std::uint64_t seed, Schedule& schedule) {
  DKV_ASSERT(palette.every_ns > 0 && 0 < palette.for_least_ns && palette.for_least_ns <= palette.for_most_ns);
  std::vector<TimeNs> on_until;  // for each fault drawn so far, its end
  std::size_t drawn = 0;
  for (std::uint64_t turn = 0;; ++turn) {
    const TimeNs begins = static_cast<TimeNs>(turn) * palette.every_ns;
    if (begins >= scenario.run_ns || drawn >= kDrawnFaultsMax) return;
    Stream random(seed, Purpose::kFaults, turn);
    const FaultKind kind = draw_kind(palette, random);
    const auto offset = static_cast<TimeNs>(random.below(static_cast<std::uint64_t>(palette.every_ns)));
    const TimeNs lasts = std::max(kMillisecond, whole_ms(random.between(palette.for_least_ns, palette.for_most_ns)));
    const TimeNs at = whole_ms(begins + offset);
    const TimeNs ends = std::min(at + lasts, scenario.run_ns);
    if (at >= ends) continue;
    std::erase_if(on_until, [at](TimeNs end) { return end <= at; });
    if (on_until.size() >= palette.at_once_max) continue;
    bool any = false;
    for (Fault& fault : draw_fault(scenario, kind, at, ends, random)) {
      if (!settle(fault, schedule)) continue;
      schedule.push_back(std::move(fault));
      ++drawn;
      any = true;
    }
    if (any) on_until.push_back(ends);
  }
}

}  // namespace

Schedule draw_schedule(const Scenario& scenario, std::uint64_t seed) {
  Schedule schedule = scenario.faults;
  for (Fault& fault : schedule) {
    if (fault.for_ns != 0 && fault.at_ns < scenario.run_ns) {
      fault.for_ns = std::min(fault.for_ns, scenario.run_ns - fault.at_ns);
    }
  }
  if (scenario.palette && !scenario.palette->kinds.empty()) {
    draw_palette(scenario, *scenario.palette, seed, schedule);
  }
  std::stable_sort(schedule.begin(), schedule.end(), [](const Fault& a, const Fault& b) { return a.at_ns < b.at_ns; });
  return schedule;
}

}  // namespace dkv::sim
