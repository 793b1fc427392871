#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/complaint.h"

namespace dkv {

// The tree of a YAML file with the place of each word. What makes YAML treacherous is refused while the tree is built:
// duplicate keys, anchors, aliases and merge keys, tags, keys that are no plain words, several documents.
struct Yaml {
  enum class Kind : std::uint8_t {
    kNothing,  // a key without a value, or ~
    kWord,     // any scalar; text says what stands there, without quotes
    kList,
    kMap,
    kRefused,  // complained about already; readers pass over it
  };
  struct Entry;

  Kind kind = Kind::kNothing;
  Place place;
  std::string text;
  std::vector<Yaml> items;
  std::vector<Entry> entries;  // in the file's order

  const Entry* entry(std::string_view key) const;
};

struct Yaml::Entry {
  Yaml key;
  Yaml value;
};

// "a word", "a list", "a mapping": for complaints.
std::string kind_name(Yaml::Kind kind);

// The tree in one line of flow style: "{uniform: [1ms, 5ms]}". Words are quoted where YAML needs it.
std::string flow_text(const Yaml& tree);
// The word alone, quoted when needed.
std::string flow_word(std::string_view word);

inline constexpr std::size_t kYamlBytesMax = 1 << 20;  // of a file that a person writes
inline constexpr std::size_t kDepthMax = 24;

// Empty when nothing readable came of it; then, and perhaps otherwise too, there are complaints. what: "scenario",
// "capsule", ... for the words of a complaint.
std::optional<Yaml> parse_yaml(std::string_view text, std::string_view what, std::size_t bytes_max,
                               Complaints& complaints);

// Puts path=value into the tree: keys with dots between, items of lists by their number from 0 ("faults.0.at=3s").
// Maps that are missing on the way are made. number: which override this is, from 1; it becomes the line in complaints.
void apply_override(std::string_view assignment, int number, Yaml& tree, Complaints& complaints);

// The bytes of a file; complains at its line 1 when it can't be read or has more than bytes_max.
std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max, Complaints& complaints);

}  // namespace dkv
