#include "sim/scenario/fault_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/read.h"

namespace dkv::sim {

namespace {

constexpr TimeNs kSkewMax = 30 * kDay;
constexpr std::string_view kUsualDelay = "{uniform: [1ms, 20ms]}";

struct Reading {
  std::string_view word;  // of the fault's kind
  const NodeNames& names;
  const TopologySpec& topology;
  Complaints& complaints;
};

std::string set_text(const std::vector<NodeId>& nodes, const Scenario& scenario) {
  std::string text;
  for (const NodeId node : nodes) {
    DKV_ASSERT(node < scenario.cluster.members.size());
    text += (text.empty() ? "" : ", ") + flow_word(scenario.cluster.members[node].name);
  }
  return "[" + text + "]";
}

std::string sets_text(const Fault& fault, const Scenario& scenario) {
  std::string text;
  for (const std::vector<NodeId>& group : fault.groups) {
    text += (text.empty() ? "" : ", ") + set_text(group, scenario);
  }
  return "[" + text + "]";
}

// --- Sets of nodes that can't talk to each other. Two lists have this form: partitions and `between`.
bool read_sets(const Yaml& value, std::string_view field, std::string_view example, const std::string& complaint,
               const NodeNames& names, std::vector<std::vector<NodeId>>& groups, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items = read_list(value, field, example, kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (items.size() < 2) {
    complaints.add(value.place, complaint + " " + std::to_string(items.size()) + " sets of nodes",
                   "at least two are needed, such as " + std::string(example));
    return false;
  }
  std::vector<const Yaml*> sets;
  for (const Yaml& item : items) sets.push_back(&item);
  return read_groups(sets, field, names, groups, complaints);
}

// --- From one set of nodes to another, or to everybody else.
bool read_direction(const Fields& fields, const Reading& reading, Fault& fault) {
  const Yaml* from = fields.need("from", "n1");
  const Yaml* to = fields.find("to");
  if (from == nullptr) return false;
  std::vector<const Yaml*> sets{from};
  if (to != nullptr) sets.push_back(to);
  return read_groups(sets, reading.word, reading.names, fault.groups, reading.complaints);
}

std::string direction_text(const Fault& fault, const Scenario& scenario) {
  DKV_ASSERT(!fault.groups.empty() && fault.groups.size() <= 2);
  const std::string from = "from: " + set_text(fault.groups[0], scenario);
  return fault.groups.size() == 1 ? from : from + ", to: " + set_text(fault.groups[1], scenario);
}

// --- Links. Neither 'between' nor 'of': all of them.
bool read_links(const Fields& fields, const Reading& reading, Fault& fault) {
  const Yaml* between = fields.find("between");
  const Yaml* of = fields.find("of");
  if (between != nullptr && of != nullptr) {
    reading.complaints.add(
        of->place, "'" + std::string(reading.word) + "' has both 'between' and 'of'",
        "between: [[n1], [n2, n3]] for the links from one set to the other, or of: n1 for all links of n1");
    return false;
  }
  if (of != nullptr) {
    fault.groups.resize(1);
    return read_nodes(*of, "of", reading.names, fault.groups[0], reading.complaints);
  }
  if (between == nullptr) return true;
  return read_sets(*between, "between", "[[n1], [n2, n3]]", "'between' has", reading.names, fault.groups,
                   reading.complaints);
}

std::string links_text(const Fault& fault, const Scenario& scenario) {
  if (fault.groups.empty()) return {};
  return fault.groups.size() == 1 ? "of: " + set_text(fault.groups[0], scenario)
                                  : "between: " + sets_text(fault, scenario);
}

// --- A link of the topology, by its ends.
bool read_ends(const Yaml& value, const Reading& reading, Fault& fault) {
  Complaints& complaints = reading.complaints;
  const std::size_t before = complaints.size();
  const auto ends = read_list(value, reading.word, "[east, west]", kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (ends.size() != 2) {
    complaints.add(value.place, quoted(reading.word) + " has " + std::to_string(ends.size()) + " items",
                   "a link has two ends, such as [east, west]");
    return false;
  }
  std::vector<std::string> known = reading.topology.places;
  for (std::size_t node = 0; node < reading.names.count(); ++node) known.push_back(reading.names.words()[node]);
  for (const Yaml& end : ends) {
    if (!is_word(end, reading.word, "[east, west]", complaints)) return false;
    if (std::find(known.begin(), known.end(), end.text) != known.end()) continue;
    if (reading.names.complete()) {
      complaints.add(end.place, "unknown place " + quoted(end.text) + " in " + quoted(reading.word),
                     suggest(end.text, known));
    }
    return false;
  }
  fault.from = ends[0].text;
  fault.to = ends[1].text;
  for (const TopologyLink& link : reading.topology.links) {
    if (std::minmax(link.a, link.b) == std::minmax(fault.from, fault.to)) return true;
  }
  complaints.add(
      value.place, "no link between " + quoted(fault.from) + " and " + quoted(fault.to),
      reading.topology.links.empty() ? "network.topology has no links" : "name the ends of a link of the topology");
  return false;
}

// --- Nodes, behind the word itself or in a mapping.
bool read_hit_nodes(const Yaml& value, std::string_view field, const Reading& reading, Fault& fault) {
  fault.groups.resize(1);
  return read_nodes(value, field, reading.names, fault.groups[0], reading.complaints);
}

std::string nodes_text(const Fault& fault, const Scenario& scenario) {
  DKV_ASSERT(fault.groups.size() == 1);
  return set_text(fault.groups[0], scenario);
}

// --- Strengths: one field each.
bool read_rate(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  return read_percent(value, field, fault.rate_ppm, complaints);
}
std::string rate_text(const Fault& fault) {
  return percent_text(fault.rate_ppm);
}

// With the words that would write the delay again.
bool read_delay(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  if (!read_distribution(value, field, fault.delay, complaints)) return false;
  fault.delay_text = flow_text(value);
  return true;
}
std::string delay_text(const Fault& fault) {
  if (!fault.delay_text.empty()) return fault.delay_text;
  DKV_ASSERT(fault.delay.least() == fault.delay.greatest());
  return duration_text(fault.delay.least());
}

bool read_skew(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  return read_duration(value, field, {-kSkewMax, kSkewMax}, fault.skew_ns, complaints);
}
std::string skew_text(const Fault& fault) {
  return duration_text(fault.skew_ns);
}

// A moment of the run, or how long before the fault it was. A disk may only go back.
bool read_moment(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  TimeNs time_ns = 0;
  if (!read_duration(value, field, {0, kDay}, time_ns, complaints)) return false;
  if (time_ns > fault.at_ns) {
    complaints.add(
        value.place,
        quoted(field) + " is " + duration_text(time_ns) + ", and the fault begins at " + duration_text(fault.at_ns),
        field == "back" ? "there was nothing before the run: write a shorter time"
                        : "a disk returns to what it was: write an earlier moment");
    return false;
  }
  fault.to_ns = field == "back" ? fault.at_ns - time_ns : time_ns;
  return true;
}
std::string moment_text(const Fault& fault) {
  return duration_text(fault.to_ns);
}

struct StrengthField {
  FaultStrength strength;
  std::string_view key;
  std::string_view example;
  bool required;
  bool (*read)(const Yaml&, std::string_view, Fault&, Complaints&);
  std::string (*write)(const Fault&);
  std::string_view other_key = {};  // another way to say the same; it is read only
};
constexpr StrengthField kStrengths[] = {
    {FaultStrength::kRate, "rate", "5%", true, read_rate, rate_text},
    {FaultStrength::kDelay, "by", "20ms", true, read_delay, delay_text},
    {FaultStrength::kDelayIfStated, "by", "20ms", false, read_delay, delay_text},
    {FaultStrength::kSkew, "by", "-2s", true, read_skew, skew_text},
    {FaultStrength::kMoment, "to", "5s", true, read_moment, moment_text, "back"},
};
const StrengthField& field_of(FaultStrength strength) {
  const auto found = std::ranges::find(kStrengths, strength, &StrengthField::strength);
  DKV_ASSERT(found != std::end(kStrengths));
  return *found;
}

// What it comes to when a scenario does not say.
void set_usual(FaultStrength strength, Fault& fault) {
  DKV_ASSERT(strength == FaultStrength::kDelayIfStated);
  fault.delay = Distribution::uniform(kMillisecond, 20 * kMillisecond);
  fault.delay_text = kUsualDelay;
}

bool read_strength(const Fields& fields, FaultStrength strength, const Reading& reading, Fault& fault) {
  const StrengthField& field = field_of(strength);
  if (const Yaml* other = field.other_key.empty() ? nullptr : fields.find(field.other_key)) {
    if (fields.find(field.key) == nullptr) return field.read(*other, field.other_key, fault, reading.complaints);
    reading.complaints.add(
        other->place, "both " + quoted(field.key) + " and " + quoted(field.other_key) + " in " + quoted(reading.word),
        "they say the same: keep one");
    return false;
  }
  const Yaml* value = field.required ? fields.need(field.key, field.example) : fields.find(field.key);
  if (value != nullptr) return field.read(*value, field.key, fault, reading.complaints);
  if (!field.required) set_usual(strength, fault);
  return !field.required;
}

// --- Mappings.
std::vector<std::string_view> place_keys(FaultPlace place) {
  switch (place) {
    case FaultPlace::kDirection: return {"from", "to"};
    case FaultPlace::kLinks: return {"between", "of"};
    case FaultPlace::kNodes: return {"nodes"};
    case FaultPlace::kSets:
    case FaultPlace::kEnds: break;  // never in a mapping
  }
  return {};
}

std::vector<std::string_view> keys_of(const FaultTraits& traits) {
  std::vector<std::string_view> keys = place_keys(traits.place);
  for (const FaultStrength strength : traits.strengths) {
    const StrengthField& field = field_of(strength);
    keys.push_back(field.key);
    if (!field.other_key.empty()) keys.push_back(field.other_key);
  }
  return keys;
}

const KeySet& mapping_named(std::string_view name) {
  const auto found = std::ranges::find(fault_mappings(), name, &KeySet::name);
  DKV_ASSERT(found != fault_mappings().end());
  return *found;
}

// Fields that other kinds with the same mapping have, and this one has not. False after a complaint.
bool refuse_others(const Fields& fields, const FaultTraits& traits, Complaints& complaints) {
  const std::vector<std::string_view> own = keys_of(traits);
  bool good = true;
  for (const std::string_view key : mapping_named(traits.mapping).keys) {
    if (std::ranges::find(own, key) != own.end() || fields.find(key) == nullptr) continue;
    std::string owners;
    for (const FaultTraits& other : fault_catalogue()) {
      const std::vector<std::string_view> keys = keys_of(other);
      if (other.mapping != traits.mapping || std::ranges::find(keys, key) == keys.end()) continue;
      owners += (owners.empty() ? "" : ", ") + std::string(other.word);
    }
    complaints.add(fields.place_of(key), quoted(key) + " in " + quoted(traits.word), "it belongs to " + owners);
    good = false;
  }
  return good;
}

bool read_place(const Fields& fields, const FaultTraits& traits, const Reading& reading, Fault& fault) {
  switch (traits.place) {
    case FaultPlace::kDirection: return read_direction(fields, reading, fault);
    case FaultPlace::kLinks: return read_links(fields, reading, fault);
    case FaultPlace::kNodes: {
      const Yaml* nodes = fields.need("nodes", "[n1]");
      return nodes != nullptr && read_hit_nodes(*nodes, "nodes", reading, fault);
    }
    case FaultPlace::kSets:
    case FaultPlace::kEnds: break;
  }
  DKV_ASSERT(!"a place that no mapping can say");
  return false;
}

// The place is all that there is to say.
bool read_bare(const Yaml& value, FaultPlace place, const Reading& reading, Fault& fault) {
  switch (place) {
    case FaultPlace::kSets: return read_partition(value, reading.names, fault.groups, reading.complaints);
    case FaultPlace::kEnds: return read_ends(value, reading, fault);
    case FaultPlace::kNodes: return read_hit_nodes(value, reading.word, reading, fault);
    case FaultPlace::kDirection:
    case FaultPlace::kLinks: break;
  }
  DKV_ASSERT(!"a place that needs a mapping");
  return false;
}

std::string place_text(const Fault& fault, FaultPlace place, const Scenario& scenario) {
  switch (place) {
    case FaultPlace::kSets: return sets_text(fault, scenario);
    case FaultPlace::kEnds: return "[" + flow_word(fault.from) + ", " + flow_word(fault.to) + "]";
    case FaultPlace::kNodes: return nodes_text(fault, scenario);
    case FaultPlace::kDirection: return direction_text(fault, scenario);
    case FaultPlace::kLinks: return links_text(fault, scenario);
  }
  return {};
}

struct Mapping {
  std::string_view name;
  std::vector<std::string_view> keys;  // each once, in the order in which the catalogue's kinds bring them
};

std::vector<Mapping> collect_mappings() {
  std::vector<Mapping> mappings;
  for (const FaultTraits& traits : fault_catalogue()) {
    if (traits.mapping.empty()) continue;
    auto found = std::ranges::find(mappings, traits.mapping, &Mapping::name);
    if (found == mappings.end()) found = mappings.insert(found, {traits.mapping, {}});
    for (const std::string_view key : keys_of(traits)) {
      if (std::ranges::find(found->keys, key) == found->keys.end()) found->keys.push_back(key);
    }
  }
  return mappings;
}

}  // namespace

std::span<const KeySet> fault_mappings() {
  static const std::vector<Mapping> kMappings = collect_mappings();
  static const std::vector<KeySet> kKeySets = [] {
    std::vector<KeySet> sets;
    for (const Mapping& mapping : kMappings) sets.push_back({mapping.name, mapping.keys});
    return sets;
  }();
  return kKeySets;
}

bool read_partition(const Yaml& value, const NodeNames& names, std::vector<std::vector<NodeId>>& groups,
                    Complaints& complaints) {
  return read_sets(value, "partition", "[[n1, n2], rest]", "a partition with", names, groups, complaints);
}

bool read_fault_kind(const Yaml& value, FaultKind kind, const NodeNames& names, const TopologySpec& topology,
                     Fault& fault, Complaints& complaints) {
  const FaultTraits& traits = traits_of(kind);
  const Reading reading{traits.word, names, topology, complaints};
  fault.kind = kind;
  if (traits.mapping.empty()) return read_bare(value, traits.place, reading, fault);
  const Fields fields(value, traits.word, mapping_named(traits.mapping), complaints);
  if (!fields.is_map()) return false;
  bool good = read_place(fields, traits, reading, fault);
  for (const FaultStrength strength : traits.strengths) good = read_strength(fields, strength, reading, fault) && good;
  return refuse_others(fields, traits, complaints) && good;
}

std::string write_fault_kind(const Fault& fault, const Scenario& scenario) {
  const FaultTraits& traits = traits_of(fault.kind);
  const std::string place = place_text(fault, traits.place, scenario);
  if (traits.mapping.empty()) return place;
  std::string text = traits.place == FaultPlace::kNodes ? "nodes: " + place : place;
  for (const FaultStrength strength : traits.strengths) {
    const StrengthField& field = field_of(strength);
    text += (text.empty() ? "" : ", ") + std::string(field.key) + ": " + field.write(fault);
  }
  return "{" + text + "}";
}

}  // namespace dkv::sim
