#pragma once

#include <span>
#include <string_view>

#include "engine/core/names.h"

namespace dkv {

// The fields of one kind of mapping. Complaints, the schema ($defs) and the reference use `name` for it.
struct KeySet {
  std::string_view name;
  std::span<const std::string_view> keys;
};

}  // namespace dkv
