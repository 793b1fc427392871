// Keys and small objects, for tests of simulated disks.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/object.h"

namespace dkv::sim::kit {

inline Key key(const char* name) {
  return *Key::make(kDefaultBucket, name);
}
inline Key key(int number) {
  return key(("k" + std::to_string(number)).c_str());
}

// An object with one sibling, always by the same actor. Its tag equals the counter of its dot.
inline ObjectPtr object(std::uint64_t counter) {
  const Dot dot{Actor{ActorId{1, 1}, 1}, counter};
  Sibling sibling{.dot = dot, .tag = counter};
  return Object::make(VersionVector().with(dot), {&sibling, 1});
}

}  // namespace dkv::sim::kit
