#include <algorithm>

#include "sim/faults/catalogue.h"
#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

template <class T>
void erase_range(std::vector<T>& items, std::size_t begin, std::size_t end) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin), items.begin() + static_cast<std::ptrdiff_t>(end));
}

class FaultEdits {
 public:
  FaultEdits(const Scenario& scenario, std::size_t index, std::vector<Scenario>& edits)
      : scenario_(scenario), index_(index), edits_(edits), fault_(scenario.faults[index]) {}

  void add_all() {
    kinds();
    places();
    lengths();
    strengths();
  }

 private:
  void add(Fault&& fault) {
    edits_.push_back(scenario_);
    edits_.back().faults[index_] = std::move(fault);
  }

  // A milder one of the faults that stop a process.
  void kinds() {
    constexpr FaultKind kStops[] = {FaultKind::kCrash, FaultKind::kPowerLoss, FaultKind::kWipe};
    const FaultTraits& traits = traits_of(fault_.kind);
    if (traits.holds != FaultHolds::kDown) return;
    for (const FaultKind kind : kStops) {
      if (kind == fault_.kind) break;
      Fault fault{.at_ns = fault_.at_ns, .for_ns = fault_.for_ns, .kind = kind, .groups = {fault_.groups.at(0)}};
      add(std::move(fault));
    }
  }

  // Fewer nodes; the first ones alone are tried before one at a time.
  void places() {
    const FaultPlace place = traits_of(fault_.kind).place;
    if (place == FaultPlace::kEnds) return;
    const std::size_t groups_least = place == FaultPlace::kSets ? 2 : place == FaultPlace::kCopy ? 2 : 1;
    for (std::size_t group = fault_.groups.size(); group-- > 0 && fault_.groups.size() > groups_least;) {
      Fault fault = fault_;
      fault.groups.erase(fault.groups.begin() + static_cast<std::ptrdiff_t>(group));
      // What is left of `between` two sets would be read as `of` one.
      if (place == FaultPlace::kLinks && fault.groups.size() == 1) fault.groups.clear();
      if (place == FaultPlace::kDirection && group == 0) continue;
      add(std::move(fault));
    }
    for (std::size_t group = 0; group < fault_.groups.size(); ++group) {
      for (std::size_t node = 0; node < fault_.groups[group].size() && fault_.groups[group].size() > 1; ++node) {
        Fault fault = fault_;
        erase_range(fault.groups[group], node, node + 1);
        add(std::move(fault));
      }
    }
  }

  void lengths() {
    if (traits_of(fault_.kind).strikes_once || fault_.for_ns == 0) return;
    Fault fault = fault_;
    fault.for_ns = 0;
    add(std::move(fault));
  }

  void strengths() {
    for (const FaultStrength strength : traits_of(fault_.kind).strengths) {
      switch (strength) {
        case FaultStrength::kRate:
          for (const std::uint32_t percent : {100, 50, 20, 10, 1}) {
            Fault fault = fault_;
            fault.rate_ppm = percent * 10'000;
            add(std::move(fault));
          }
          break;
        case FaultStrength::kDelay:
        case FaultStrength::kDelayIfStated:
          for (const TimeNs delay_ns : {kSecond, 100 * kMillisecond, 10 * kMillisecond, kMillisecond}) {
            Fault fault = fault_;
            fault.delay = Distribution::constant(delay_ns);
            fault.delay_text = fault.delay.text();
            add(std::move(fault));
          }
          break;
        case FaultStrength::kSkew:
          for (const TimeNs skew_ns : {kSecond, -kSecond}) {
            Fault fault = fault_;
            fault.skew_ns = skew_ns;
            add(std::move(fault));
          }
          break;
        case FaultStrength::kMoment: break;  // a time, see simpler_times()
      }
    }
  }

  const Scenario& scenario_;
  std::size_t index_;
  std::vector<Scenario>& edits_;
  const Fault& fault_;
};

}  // namespace

std::size_t count_faults(const Scenario& scenario) {
  return scenario.faults.size();
}

Scenario without_faults(const Scenario& scenario, std::size_t begin, std::size_t end) {
  Scenario cut = scenario;
  erase_range(cut.faults, begin, end);
  return cut;
}

std::vector<Scenario> simpler_faults(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) FaultEdits(scenario, i, edits).add_all();
  return edits;
}

}  // namespace dkv::sim
