// The same world with other luck.
#include "engine/core/hash.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

constexpr std::uint64_t kOtherLuck = 0x6c75636b;  // keeps these streams apart from those of seeds that a person names

}  // namespace

// seed_ stays: faults that damage a disk, and power losses, draw from it where they strike. They belong to the
// schedule.
void World::draw_again(std::uint64_t salt) {
  const std::uint64_t seed = hash_combine(hash_combine(seed_, kOtherLuck), salt);
  network_.draw_from(seed);
  clients_.draw_from(seed);
  disk_stream_ = Stream(seed, Purpose::kDisk);
  processing_stream_ = Stream(seed, Purpose::kProcessing);
}

}  // namespace dkv::sim
