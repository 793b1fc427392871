#include "sim/shrink/passes.h"

#include <array>

namespace dkv::sim {
namespace {

// Cheap and bold ones first: each run that ends early, or has no load, makes all later ones cheaper.
constexpr std::uint64_t kSeeds = 4;
constexpr std::array kPasses = {
    Pass{.about = "the end of the run", .variants = shorter_runs},
    Pass{.about = "commands as faults and steps", .variants = commands_as_faults},
    Pass{.about = "commands", .units = count_commands, .without = without_commands},
    Pass{.about = "numbers", .variants = simpler_numbers},
    Pass{.about = "operations as steps", .variants = steps_of_load},
    Pass{.about = "faults", .units = count_faults, .without = without_faults, .seeds = kSeeds},
    Pass{.about = "the load", .variants = smaller_loads},
    Pass{.about = "steps, with larger values", .variants = larger_values},
    Pass{.about = "keys", .units = count_keys, .without = without_keys, .seeds = kSeeds},
    Pass{.about = "sessions", .units = count_sessions, .without = without_sessions, .seeds = kSeeds},
    Pass{.about = "steps", .units = count_steps, .without = without_steps, .seeds = kSeeds},
    Pass{.about = "settings", .units = count_settings, .without = without_settings, .seeds = kSeeds},
    Pass{.about = "nodes", .units = count_nodes, .without = without_nodes, .seeds = kSeeds},
    Pass{.about = "replicas", .variants = fewer_replicas, .seeds = kSeeds},
    Pass{.about = "details of faults", .variants = simpler_faults, .seeds = kSeeds},
    Pass{.about = "details", .units = count_details, .without = without_details, .seeds = kSeeds},
    Pass{.about = "details of steps", .variants = simpler_steps, .seeds = kSeeds},
    Pass{.about = "latencies", .variants = simpler_latencies, .seeds = kSeeds},
    Pass{.about = "times", .variants = times_in_grids, .seeds = kSeeds},
    Pass{.about = "times", .variants = simpler_times},
    Pass{.about = "names", .variants = simpler_names, .seeds = kSeeds},
    Pass{.about = "the seed", .variants = lower_seeds},
};

}  // namespace

std::span<const Pass> passes() {
  return kPasses;
}

}  // namespace dkv::sim
