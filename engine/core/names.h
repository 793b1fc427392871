#pragma once

#include <cstddef>
#include <string_view>

#include "engine/core/assert.h"

namespace dkv {

// A word and the value that it stands for.
template <typename T>
struct Word {
  std::string_view word;
  T value;
};

// Whether kValue is declared in its enumeration. In the name of a function, GCC and Clang write a declared enumerator
// by its name, and any other value as a cast of its number.
template <auto kValue>
consteval bool is_enumerator() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("kValue = "));
  text = text.substr(0, text.find_first_of(";]"));
  while (text.back() == '_' || (text.back() >= '0' && text.back() <= '9') ||
         ((text.back() | 0x20) >= 'a' && (text.back() | 0x20) <= 'z')) {
    text.remove_suffix(1);
  }
  return text.back() != ')';
}

// The number of values that Enum declares. They are 0, 1, 2 and so on, without a gap.
template <class Enum, std::size_t kFrom = 0>
consteval std::size_t enumerators() {
  if constexpr (is_enumerator<static_cast<Enum>(kFrom)>()) {
    return enumerators<Enum, kFrom + 1>();
  } else {
    return kFrom;
  }
}

// For static_assert: the table has one row for each enumerator, in the order of the enumeration. Each row stores its
// enumerator in the member `value`.
template <class Row, std::size_t kRows>
consteval bool covers_each(const Row (&rows)[kRows]) {
  if (kRows != enumerators<decltype(rows[0].value)>()) return false;
  for (std::size_t i = 0; i < kRows; ++i) {
    if (static_cast<std::size_t>(rows[i].value) != i) return false;
  }
  return true;
}

// The same for a table of words. No word may stand for two enumerators.
template <class Enum, std::size_t kRows>
consteval bool names_each(const Word<Enum> (&words)[kRows]) {
  for (std::size_t i = 0; i < kRows; ++i) {
    if (words[i].word.empty()) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (words[i].word == words[j].word) return false;
    }
  }
  return covers_each(words);
}

// The row of an enumerator in a table that covers_each().
template <class Row, class Enum, std::size_t kRows>
constexpr const Row& row_of(const Row (&rows)[kRows], Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  DKV_ASSERT(index < kRows);
  return rows[index];
}

// The word of an enumerator. Words are string literals, so data() ends with a zero byte.
template <class Enum, std::size_t kRows>
constexpr const char* name_of(const Word<Enum> (&words)[kRows], Enum value) noexcept {
  return row_of(words, value).word.data();
}

}  // namespace dkv
