#include "sim/scenario/fault_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/fault_places.h"
#include "sim/scenario/read.h"

namespace dkv::sim {

namespace {

constexpr TimeNs kSkewMax = 60 * 366 * kDay;  // back to 1970 and beyond
constexpr std::string_view kUsualDelay = "{uniform: [1ms, 20ms]}";

// --- Strengths.
bool read_rate(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  return read_percent(value, field, fault.rate_ppm, complaints);
}
std::string rate_text(const Fault& fault) {
  return percent_text(fault.rate_ppm);
}

// Also stores the words from which the delay can be written again.
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

// Reads a moment of the run, or a duration before the fault. A disk may only go back.
bool read_moment(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  TimeNs time_ns = 0;
  if (!read_duration(value, field, {0, kRunMax}, time_ns, complaints)) return false;
  if (time_ns > fault.at_ns) {
    complaints.add(
        value.place,
        quoted(field) + " is " + duration_text(time_ns) + ", and the fault begins at " + duration_text(fault.at_ns),
        field == "back" ? "the run had not begun: write a shorter time"
                        : "a disk can only return to an earlier state: write an earlier moment");
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
  std::string_view other_key = {};  // another way to state it; only read, never written
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

// Sets the value that applies when a scenario states none.
void set_usual(FaultStrength strength, Fault& fault) {
  DKV_ASSERT(strength == FaultStrength::kDelayIfStated);
  fault.delay = Distribution::uniform(kMillisecond, 20 * kMillisecond);
  fault.delay_text = kUsualDelay;
}

bool read_strength(const Fields& fields, FaultStrength strength, const FaultReading& reading, Fault& fault) {
  const StrengthField& field = field_of(strength);
  if (const Yaml* other = field.other_key.empty() ? nullptr : fields.find(field.other_key)) {
    if (fields.find(field.key) == nullptr) return field.read(*other, field.other_key, fault, reading.complaints);
    reading.complaints.add(
        other->place,
        "both " + quoted(field.key) + " and " + quoted(field.other_key) + " in " + quoted(reading.traits.word),
        "they mean the same: keep one");
    return false;
  }
  const Yaml* value = field.required ? fields.need(field.key, field.example) : fields.find(field.key);
  if (value != nullptr) return field.read(*value, field.key, fault, reading.complaints);
  if (!field.required) set_usual(strength, fault);
  return !field.required;
}

// --- Mappings.
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

// Complains about fields that only other kinds with the same mapping have. False after a complaint.
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

struct Mapping {
  std::string_view name;
  std::vector<std::string_view> keys;  // each once, in the order of the catalogue
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

bool read_fault_kind(const Yaml& value, FaultKind kind, const NodeNames& names, const TopologySpec& topology,
                     Fault& fault, Complaints& complaints) {
  const FaultTraits& traits = traits_of(kind);
  const FaultReading reading{traits, names, topology, complaints};
  fault.kind = kind;
  if (traits.mapping.empty()) return read_bare_place(value, reading, fault);
  const Fields fields(value, traits.word, mapping_named(traits.mapping), complaints);
  if (!fields.is_map()) return false;
  bool good = read_place(fields, reading, fault);
  for (const FaultStrength strength : traits.strengths) good = read_strength(fields, strength, reading, fault) && good;
  return refuse_others(fields, traits, complaints) && good;
}

std::string write_fault_kind(const Fault& fault, const Scenario& scenario) {
  const FaultTraits& traits = traits_of(fault.kind);
  std::string text = place_text(fault, scenario);
  if (traits.mapping.empty()) return text;
  for (const FaultStrength strength : traits.strengths) {
    const StrengthField& field = field_of(strength);
    text += (text.empty() ? "" : ", ") + std::string(field.key) + ": " + field.write(fault);
  }
  return "{" + text + "}";
}

}  // namespace dkv::sim
