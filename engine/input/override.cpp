#include <algorithm>

#include "engine/input/suggest.h"
#include "engine/input/tree.h"
#include "engine/input/units.h"

namespace dkv {

namespace {

// Gives every word of an override's value the line of the override and a column after the '='.
void move_to(Yaml& tree, int number, int columns) {
  const int column = tree.place.line == 1 ? tree.place.column + columns : columns + 1;
  tree.place = {Place::Source::kOverride, number, column};
  for (Yaml& item : tree.items) move_to(item, number, columns);
  for (Yaml::Entry& entry : tree.entries) {
    move_to(entry.key, number, columns);
    move_to(entry.value, number, columns);
  }
}

std::optional<Yaml> parse_value(std::string_view text, const Place& place, Complaints& complaints) {
  Complaints own("--set");
  std::optional<Yaml> value = parse_yaml(text, "value", kYamlBytesMax, own);
  for (const Complaint& complaint : own.take()) {
    complaints.add({place.source, place.line, place.column + complaint.column - 1}, complaint.what, complaint.meant);
  }
  if (value) move_to(*value, place.line, place.column - 1);
  return value;
}

// The child that `step` names. A map without it gets a new one. Null after a complaint.
Yaml* child(Yaml& tree, std::string_view step, const Place& place, Complaints& complaints) {
  if (tree.kind == Yaml::Kind::kNothing) tree = {Yaml::Kind::kMap, place, {}, {}, {}};
  if (tree.kind == Yaml::Kind::kMap) {
    for (Yaml::Entry& entry : tree.entries) {
      if (entry.key.text != step) continue;
      entry.key.place = place;
      return &entry.value;
    }
    Yaml key{Yaml::Kind::kWord, place, std::string(step), {}, {}};
    tree.entries.push_back({std::move(key), {Yaml::Kind::kNothing, place, {}, {}, {}}});
    return &tree.entries.back().value;
  }
  if (tree.kind == Yaml::Kind::kList) {
    const auto index = parse_whole(step);
    if (index && *index < tree.items.size()) return &tree.items[*index];
    complaints.add(
        place, quoted(step) + " is not an item of the list",
        tree.items.empty() ? "the list is empty" : "items count from 0 to " + std::to_string(tree.items.size() - 1));
    return nullptr;
  }
  complaints.add(place, quoted(step) + " can't be set inside " + kind_name(tree.kind),
                 "set the field as a whole, for example cluster.nodes=5");
  return nullptr;
}

}  // namespace

void apply_override(std::string_view assignment, int number, Yaml& tree, Complaints& complaints) {
  const std::size_t equals = assignment.find('=');
  Place place{Place::Source::kOverride, number, 1};
  if (equals == std::string_view::npos || equals == 0) {
    complaints.add(place, quoted(assignment) + " sets nothing", "write path=value, for example cluster.w=1");
    return;
  }
  const auto dots = std::count(assignment.begin(), assignment.begin() + static_cast<std::ptrdiff_t>(equals), '.');
  if (assignment.size() > kYamlBytesMax || dots >= static_cast<std::ptrdiff_t>(kDepthMax)) {
    complaints.add(place, "the path or its value is too long", "a shorter one is needed");
    return;
  }
  Yaml* target = &tree;
  for (std::size_t begin = 0; begin <= equals;) {
    const std::size_t end = std::min(assignment.find('.', begin), equals);
    place.column = static_cast<int>(begin) + 1;
    if (end == begin) {
      complaints.add(place, "an empty name in the path", "write path=value, for example cluster.w=1");
      return;
    }
    target = child(*target, assignment.substr(begin, end - begin), place, complaints);
    if (target == nullptr) return;
    begin = end + 1;
    if (end == equals) break;
  }
  const Place value_place{Place::Source::kOverride, number, static_cast<int>(equals) + 2};
  std::optional<Yaml> value = parse_value(assignment.substr(equals + 1), value_place, complaints);
  *target = value ? std::move(*value) : Yaml{Yaml::Kind::kRefused, value_place, {}, {}, {}};
}

}  // namespace dkv
