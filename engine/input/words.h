#pragma once

#include <span>
#include <string_view>

namespace dkv {

// The fields of one kind of mapping. `name` is how complaints, schema ($defs) and reference call it.
struct KeySet {
  std::string_view name;
  std::span<const std::string_view> keys;
};

// A word and what it stands for.
template <typename T>
struct Word {
  std::string_view word;
  T value;
};

}  // namespace dkv
