#pragma once

#include <array>
#include <cstddef>

#include "engine/core/assert.h"

namespace dkv::sim {

// The name of an enumerator. `names` has one name for each enumerator, in the order of the enumeration.
template <std::size_t kCount, class Enum>
const char* pick_name(const std::array<const char*, kCount>& names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  DKV_ASSERT(index < kCount);
  return names[index];
}

}  // namespace dkv::sim
