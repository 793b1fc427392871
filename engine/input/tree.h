#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/complaint.h"

namespace dkv {

// The tree of a YAML file, with the place of each word. The parts of YAML that surprise people are refused while the
// tree is built: duplicate keys, anchors, aliases, merge keys, tags, keys that are not plain words, and several
// documents.
struct Yaml {
  enum class Kind : std::uint8_t {
    kNothing,  // a key without a value, or ~
    kWord,     // any scalar; `text` holds it without quotes
    kList,
    kMap,
    kRefused,  // a complaint has been made; readers skip it
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

// Empty when nothing could be read; then there is at least one complaint. There may be complaints in other cases,
// too. `what` names the kind of file in complaints: "scenario", "capsule".
std::optional<Yaml> parse_yaml(std::string_view text, std::string_view what, std::size_t bytes_max,
                               Complaints& complaints);

// Puts path=value into the tree. The path is keys with dots between them, and numbers from 0 for items of lists
// ("faults.0.at=3s"). Missing maps on the path are created. `number` counts the overrides from 1 and is the line in
// complaints.
void apply_override(std::string_view assignment, int number, Yaml& tree, Complaints& complaints);

// The bytes of a file. Complains at line 1 when the file cannot be read or has more than bytes_max.
std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max, Complaints& complaints);

}  // namespace dkv
