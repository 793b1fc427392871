#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "sim/world/world.h"

namespace dkv::sim {

// The moments of one run, each as a world that may be copied. The moments that were asked for are kept while the budget
// allows. Other moments are played from the nearest kept one before them. Not thread-safe; but several threads may copy
// a returned world at once.
class Moments {
 public:
  // bytes_max bounds the memory of the worlds that are kept, the beginning aside, by World::copy_bytes().
  Moments(std::shared_ptr<const World> beginning, std::uint64_t bytes_max);

  // The world after `event` events, or the end of the run if that comes before.
  std::shared_ptr<const World> at(std::uint64_t event);

  // All events that were played to reach moments.
  std::uint64_t events_played() const noexcept { return events_played_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  void keep(std::uint64_t event, std::shared_ptr<const World> world);

  struct Kept {
    std::shared_ptr<const World> world;
    std::uint64_t bytes = 0;
  };
  std::map<std::uint64_t, Kept> kept_;  // the beginning is always among them
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;  // without the beginning
  std::uint64_t events_played_ = 0;
};

}  // namespace dkv::sim
