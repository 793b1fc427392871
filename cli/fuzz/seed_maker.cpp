#include "cli/fuzz/seed_maker.h"

#include <utility>

#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/faults/catalogue.h"

namespace dkv::cli {
namespace {

sim::Palette all_faults(const sim::Scenario& scenario) {
  using sim::FaultKind;
  sim::Palette palette{.every_ns = 4 * kSecond,
                       .for_least_ns = 300 * kMillisecond,
                       .for_most_ns = 6 * kSecond,
                       .at_once_max = 2,
                       .kinds = {{FaultKind::kPartition, 4},
                                 {FaultKind::kOneWay, 2},
                                 {FaultKind::kLoss, 2},
                                 {FaultKind::kDuplicate, 1},
                                 {FaultKind::kReorder, 1},
                                 {FaultKind::kDelay, 1},
                                 {FaultKind::kClog, 1},
                                 {FaultKind::kCrash, 3},
                                 {FaultKind::kPowerLoss, 3},
                                 {FaultKind::kPause, 2},
                                 {FaultKind::kSlow, 1},
                                 {FaultKind::kWipe, 1},
                                 {FaultKind::kSlowDisk, 1},
                                 {FaultKind::kClockSkew, 1}}};
  if (storage_traits(scenario.cluster.node.storage).uses_disk) {
    for (const sim::FaultTraits& traits : sim::fault_catalogue()) {
      if (traits.swarm.set == sim::SwarmShare::Set::kDisk) palette.kinds.emplace_back(traits.kind, 1);
    }
  } else {
    std::erase_if(palette.kinds, [](const auto& kind) { return kind.first == FaultKind::kSlowDisk; });
  }
  if (!scenario.network.topology.links.empty()) palette.kinds.emplace_back(FaultKind::kLinkDown, 2);
  return palette;
}

}  // namespace

SeedMaker::SeedMaker(std::optional<Source> base, bool own_faults) : base_(std::move(base)) {
  if (!base_) return;
  with_palette_ = base_->scenario;
  if (own_faults || base_->scenario->palette) return;
  auto scenario = std::make_shared<sim::Scenario>(*base_->scenario);
  scenario->palette = all_faults(*scenario);
  with_palette_ = std::move(scenario);
  palette_added_ = true;
}

Source SeedMaker::make(std::uint64_t seed) const {
  if (base_) {
    Source source = *base_;
    source.seed = seed;
    source.schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*with_palette_, seed));
    return source;
  }
  auto scenario = std::make_shared<const sim::Scenario>(sim::draw_swarm(seed));
  auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, seed));
  return {.scenario = std::move(scenario), .seed = seed, .schedule = std::move(schedule), .swarm_seed = seed};
}

}  // namespace dkv::cli
