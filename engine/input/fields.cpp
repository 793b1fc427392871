#include "engine/input/fields.h"

#include <algorithm>

#include "engine/input/units.h"

namespace dkv {

namespace {

std::string named(std::string_view field) {
  return "'" + std::string(field) + "'";
}

void refuse(const Yaml& value, std::string_view field, const UnitError& error, Complaints& complaints) {
  complaints.add(value.place, named(field) + ": " + error.what, error.meant);
}

// Reads a word that `parse` understands and whose value lies within the range. `text_of` writes the bounds of the
// range. False after a complaint.
template <typename Number, typename Parse, typename TextOf>
bool read_in_range(const Yaml& value, std::string_view field, std::string_view example, Range<Number> range,
                   Parse&& parse, TextOf&& text_of, Number& out, Complaints& complaints) {
  if (!is_word(value, field, example, complaints)) return false;
  const auto parsed = parse(value.text);
  if (!parsed) {
    refuse(value, field, parsed.error(), complaints);
    return false;
  }
  if (*parsed < range.least || *parsed > range.greatest) {
    complaints.add(value.place, named(field) + " is " + quoted(value.text) + ", which is out of range",
                   "allowed: " + text_of(range.least) + " to " + text_of(range.greatest));
    return false;
  }
  out = *parsed;
  return true;
}

}  // namespace

bool is_word(const Yaml& value, std::string_view field, std::string_view example, Complaints& complaints) {
  if (value.kind == Yaml::Kind::kWord) return true;
  if (value.kind == Yaml::Kind::kRefused) return false;
  const std::string meant = "such as " + std::string(field) + ": " + std::string(example);
  if (value.kind == Yaml::Kind::kNothing) {
    complaints.add(value.place, named(field) + " has no value", "give it one, " + meant);
  } else {
    complaints.add(value.place, named(field) + " is " + kind_name(value.kind), "a single value is needed, " + meant);
  }
  return false;
}

bool read_text(const Yaml& value, std::string_view field, std::size_t bytes_max, std::string& out,
               Complaints& complaints) {
  if (!is_word(value, field, "a few words", complaints)) return false;
  if (value.text.size() > bytes_max) {
    complaints.add(value.place, named(field) + " has " + std::to_string(value.text.size()) + " bytes",
                   "at most " + std::to_string(bytes_max) + " are allowed");
    return false;
  }
  out = value.text;
  return true;
}

bool read_duration(const Yaml& value, std::string_view field, Range<TimeNs> range, TimeNs& out,
                   Complaints& complaints) {
  const auto parse = [&](std::string_view text) {
    return range.least < 0 ? parse_signed_duration(text) : parse_duration(text);
  };
  return read_in_range(value, field, "5ms", range, parse, duration_text, out, complaints);
}

bool read_whole(const Yaml& value, std::string_view field, Range<std::uint64_t> range, std::uint64_t& out,
                Complaints& complaints) {
  const auto text_of = [](std::uint64_t number) { return std::to_string(number); };
  return read_in_range(value, field, text_of(range.least), range, parse_whole, text_of, out, complaints);
}

bool read_size(const Yaml& value, std::string_view field, Range<std::uint64_t> range, std::uint64_t& bytes,
               Complaints& complaints) {
  return read_in_range(value, field, "100B", range, parse_size, size_text, bytes, complaints);
}

bool read_percent(const Yaml& value, std::string_view field, std::uint32_t& ppm, Complaints& complaints) {
  if (!is_word(value, field, "0.5%", complaints)) return false;
  const auto parsed = parse_percent_ppm(value.text);
  if (!parsed) {
    refuse(value, field, parsed.error(), complaints);
    return false;
  }
  ppm = *parsed;
  return true;
}

Fields::Fields(const Yaml& tree, std::string_view field, const KeySet& set, Complaints& complaints)
    : tree_(tree), field_(field), complaints_(complaints), map_(tree.kind == Yaml::Kind::kMap) {
  if (!map_) {
    if (tree.kind == Yaml::Kind::kRefused) return;
    const std::string what = tree.kind == Yaml::Kind::kNothing ? " has no value" : " is " + kind_name(tree.kind);
    complaints.add(tree.place, named(field) + what, "a mapping is needed, with any of: " + list_words(set.keys));
    return;
  }
  for (const Yaml::Entry& entry : tree.entries) {
    if (std::find(set.keys.begin(), set.keys.end(), entry.key.text) != set.keys.end()) continue;
    complaints.add(entry.key.place, "unknown key " + quoted(entry.key.text) + " in " + named(field),
                   suggest(entry.key.text, set.keys));
  }
}

const Yaml* Fields::find(std::string_view key) const {
  if (!map_) return nullptr;
  const Yaml::Entry* entry = tree_.entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

const Yaml* Fields::need(std::string_view key, std::string_view example) const {
  const Yaml* value = find(key);
  if (value == nullptr && map_) {
    complaints_.add(tree_.place, "the field " + named(key) + " is missing in " + named(field_),
                    "write " + std::string(key) + ": " + std::string(example));
  }
  return value;
}

Place Fields::place_of(std::string_view key) const {
  const Yaml* value = find(key);
  return value == nullptr ? tree_.place : value->place;
}

bool Fields::duration(std::string_view key, Range<TimeNs> range, TimeNs& out) const {
  const Yaml* value = find(key);
  return value != nullptr && read_duration(*value, key, range, out, complaints_);
}

bool Fields::is_special(std::string_view key, std::string_view special, bool& complained) const {
  complained = false;
  const Yaml* value = find(key);
  if (value == nullptr || value->kind != Yaml::Kind::kWord) return false;
  if (value->text == special) return true;
  const std::string_view specials[] = {special};
  complained = !value->text.empty() && (value->text[0] < '0' || value->text[0] > '9') && value->text[0] != '-' &&
               edit_distance(value->text, special, 2) <= 2;
  if (complained) {
    complaints_.add(value->place, quoted(value->text) + " is not a value of " + named(key),
                    suggest(value->text, specials));
  }
  return false;
}

bool Fields::duration_or(std::string_view key, std::string_view special, TimeNs meaning, Range<TimeNs> range,
                         TimeNs& out) const {
  bool complained = false;
  if (is_special(key, special, complained)) {
    out = meaning;
    return true;
  }
  return !complained && duration(key, range, out);
}

bool Fields::percent(std::string_view key, std::uint32_t& ppm) const {
  const Yaml* value = find(key);
  return value != nullptr && read_percent(*value, key, ppm, complaints_);
}

bool Fields::size(std::string_view key, Range<std::uint64_t> range, std::uint64_t& bytes) const {
  const Yaml* value = find(key);
  return value != nullptr && read_size(*value, key, range, bytes, complaints_);
}

bool Fields::text(std::string_view key, std::size_t bytes_max, std::string& out) const {
  const Yaml* value = find(key);
  return value != nullptr && read_text(*value, key, bytes_max, out, complaints_);
}

std::span<const Yaml> read_list(const Yaml& value, std::string_view field, std::string_view example,
                                std::size_t items_max, Complaints& complaints) {
  if (value.kind == Yaml::Kind::kRefused) return {};
  if (value.kind != Yaml::Kind::kList) {
    const std::string what = value.kind == Yaml::Kind::kNothing ? " has no value" : " is " + kind_name(value.kind);
    complaints.add(value.place, named(field) + what, "a list is needed, such as " + std::string(example));
    return {};
  }
  if (value.items.size() > items_max) {
    complaints.add(value.place, named(field) + " has " + std::to_string(value.items.size()) + " items",
                   "at most " + std::to_string(items_max) + " are allowed");
    return {};
  }
  return value.items;
}

}  // namespace dkv
