// Keys and objects of a few bytes, for tests of what a simulated disk holds.
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

// One sibling, by the same actor each time; its tag is its dot's counter.
inline ObjectPtr object(std::uint64_t counter) {
  const Dot dot{Actor{ActorId{1, 1}, 1}, counter};
  Sibling sibling{.dot = dot, .tag = counter};
  return Object::make(VersionVector().with(dot), {&sibling, 1});
}

}  // namespace dkv::sim::kit
