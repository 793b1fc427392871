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

// A whole-number or duration field's least and greatest value, both allowed.
template <typename T>
struct Range {
  T least;
  T greatest;
};

// Readers of one value. Each answers false after a complaint and leaves `out` alone. `field` is the key for complaints.
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
  complaints.add(value.place, dkv::quoted(value.text) + " is no value of '" + std::string(field) + "'",
                 suggest(value.text, allowed));
  return false;
}

// The fields of one mapping, checked against the words that it may have.
class Fields {
 public:
  // Complains when the tree is no mapping (then no field is found), and about each unknown key.
  Fields(const Yaml& tree, std::string_view field, const KeySet& set, Complaints& complaints);

  bool is_map() const noexcept { return map_; }
  // The value; null when the key is missing.
  const Yaml* find(std::string_view key) const;
  // The same; a missing key is a complaint. example: how the field is written.
  const Yaml* need(std::string_view key, std::string_view example) const;
  // Where the value stands, or the mapping itself.
  Place place_of(std::string_view key) const;

  // Optional fields: false when missing or wrong.
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
  // True, and the key is out of the way, when its value is the word `special`; complains about a near miss.
  bool is_special(std::string_view key, std::string_view special, bool& complained) const;
  // The word `special` gives `meaning`, anything else is a duration.
  bool duration_or(std::string_view key, std::string_view special, TimeNs meaning, Range<TimeNs> range,
                   TimeNs& out) const;

 private:
  const Yaml& tree_;
  std::string field_;
  Complaints& complaints_;
  bool map_;
};

// The items of a list; complains when it is none, or has more than items_max (then it is empty).
std::span<const Yaml> read_list(const Yaml& value, std::string_view field, std::string_view example,
                                std::size_t items_max, Complaints& complaints);

}  // namespace dkv
