#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/types.h"
#include "engine/input/complaint.h"
#include "engine/input/suggest.h"
#include "engine/input/tree.h"
#include "engine/input/words.h"

namespace dkv {

// The least and the greatest value of a number or a duration. Both are allowed.
template <typename T>
struct Range {
  T least;
  T greatest;
};

// Readers of one value. After a complaint, each returns false and leaves `out` as it was. `field` names the value in
// complaints.
bool is_word(const Yaml& value, std::string_view field, std::string_view example, Complaints& complaints);
bool read_text(const Yaml& value, std::string_view field, std::size_t bytes_max, std::string& out,
               Complaints& complaints);
bool read_duration(const Yaml& value, std::string_view field, Range<TimeNs> range, TimeNs& out, Complaints& complaints);
bool read_whole(const Yaml& value, std::string_view field, Range<std::uint64_t> range, std::uint64_t& out,
                Complaints& complaints);
bool read_size(const Yaml& value, std::string_view field, Range<std::uint64_t> range, std::uint64_t& bytes,
               Complaints& complaints);
bool read_percent(const Yaml& value, std::string_view field, std::uint32_t& ppm, Complaints& complaints);

template <typename T>
bool read_word(const Yaml& value, std::string_view field, std::span<const Word<T>> words, T& out,
               Complaints& complaints) {
  std::vector<std::string_view> allowed;
  for (const Word<T>& word : words) allowed.push_back(word.word);
  if (!is_word(value, field, allowed.front(), complaints)) return false;
  for (const Word<T>& word : words) {
    if (word.word != value.text) continue;
    out = word.value;
    return true;
  }
  complaints.add(value.place, dkv::quoted(value.text) + " is not a value of '" + std::string(field) + "'",
                 suggest(value.text, allowed));
  return false;
}

// The fields of one mapping. Only the keys of a KeySet are allowed.
class Fields {
 public:
  // Complains when the tree is not a mapping (then no field is found), and about each unknown key.
  Fields(const Yaml& tree, std::string_view field, const KeySet& set, Complaints& complaints);

  bool is_map() const noexcept { return map_; }
  // The value; null when the key is missing.
  const Yaml* find(std::string_view key) const;
  // Like find(), but complains when the key is missing. `example` shows how the field is written.
  const Yaml* need(std::string_view key, std::string_view example) const;
  // The place of the value, or of the mapping when the key is missing.
  Place place_of(std::string_view key) const;

  // Readers of optional fields. They return false when the field is missing or wrong.
  bool duration(std::string_view key, Range<TimeNs> range, TimeNs& out) const;
  bool percent(std::string_view key, std::uint32_t& ppm) const;
  bool size(std::string_view key, Range<std::uint64_t> range, std::uint64_t& bytes) const;
  bool text(std::string_view key, std::size_t bytes_max, std::string& out) const;
  template <typename T>
  bool whole(std::string_view key, Range<std::uint64_t> range, T& out) const {
    const Yaml* value = find(key);
    std::uint64_t number = 0;
    if (value == nullptr || !read_whole(*value, key, range, number, complaints_)) return false;
    out = static_cast<T>(number);
    return true;
  }
  template <typename T>
  bool word(std::string_view key, std::span<const Word<T>> words, T& out) const {
    const Yaml* value = find(key);
    return value != nullptr && read_word(*value, key, words, out, complaints_);
  }
  // True when the value is the word `special`; then nothing is left to read. Complains about a near miss.
  bool is_special(std::string_view key, std::string_view special, bool& complained) const;
  // Reads a duration. The word `special` stands for `meaning`.
  bool duration_or(std::string_view key, std::string_view special, TimeNs meaning, Range<TimeNs> range,
                   TimeNs& out) const;

 private:
  const Yaml& tree_;
  std::string field_;
  Complaints& complaints_;
  bool map_;
};

// The items of a list. Complains when the value is not a list or has more than items_max items; then the result is
// empty.
std::span<const Yaml> read_list(const Yaml& value, std::string_view field, std::string_view example,
                                std::size_t items_max, Complaints& complaints);

}  // namespace dkv
