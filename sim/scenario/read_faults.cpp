#include <algorithm>
#include <string>

#include "engine/core/assert.h"
#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/fault_fields.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::string_view kFlap = "flap", kRolling = "rolling", kRandom = "random";

// Finds the one key that does not state a time: the kind. Null after a complaint.
const Yaml::Entry* kind_of(const Yaml& item, Complaints& complaints) {
  const Yaml::Entry* kind = nullptr;
  bool unknown_key = false;
  for (const Yaml::Entry& entry : item.entries) {
    const std::string& key = entry.key.text;
    if (key == "at" || key == "for" || key == "drawn") continue;
    if (std::find(kFaultKeys.keys.begin(), kFaultKeys.keys.end(), key) == kFaultKeys.keys.end()) {
      unknown_key = true;
      continue;
    }
    if (kind != nullptr) {
      complaints.add(entry.key.place, "a fault that is both '" + kind->key.text + "' and '" + key + "'",
                     "write an item for each fault");
      return nullptr;
    }
    kind = &entry;
  }
  if (kind == nullptr && !unknown_key) {
    complaints.add(item.place, "a fault without a kind",
                   "name the kind, such as {at: 5s, for: 5s, partition: [[n1, n2], rest]}");
  }
  return kind;
}

class FaultReader {
 public:
  FaultReader(const NodeNames& names, const Scenario& scenario, std::optional<Palette>* palette, Complaints& complaints)
      : names_(names), scenario_(scenario), palette_(palette), complaints_(complaints) {}

  void read(const Yaml& item) {
    const Fields fields(item, "faults", kFaultKeys, complaints_);
    if (!fields.is_map()) return;
    const Yaml::Entry* kind = kind_of(item, complaints_);
    if (kind == nullptr) return;
    const std::string& key = kind->key.text;
    if (key == kRandom) return read_random(fields, *kind);
    Fault fault;
    fields.need("at", "5s");
    fields.duration("at", {0, kRunMax}, fault.at_ns);
    if (key == kFlap || key == kRolling) {
      refuse(fields, "for", "'" + key + "' states its own duration (down and up)");
      refuse(fields, "drawn", "it marks faults that were drawn from the palette");
      const auto read = key == kFlap ? read_flap : read_rolling;
      read(kind->value, names_, fault.at_ns, item.place, faults_, complaints_);
      return;
    }
    const auto traits = std::ranges::find(fault_catalogue(), key, &FaultTraits::word);
    DKV_ASSERT(traits != fault_catalogue().end());
    if (traits->strikes_once) {
      refuse(fields, "for", "'" + key + "' strikes once, and its damage is permanent");
    } else {
      fields.duration("for", {1, kRunMax}, fault.for_ns);
    }
    fields.word("drawn", yes_no_words(), fault.random);
    if (!check_backend(traits->kind, kind->key.place, scenario_, complaints_)) return;
    if (read_fault_kind(kind->value, traits->kind, names_, scenario_.network.topology, fault, complaints_)) {
      faults_.push_back({std::move(fault), item.place});
    }
  }

  std::vector<PlacedFault> take() { return std::move(faults_); }

 private:
  void refuse(const Fields& fields, std::string_view key, std::string meant) {
    if (fields.find(key) == nullptr) return;
    complaints_.add(fields.place_of(key), "'" + std::string(key) + "' is not allowed here", std::move(meant));
  }

  void read_random(const Fields& fields, const Yaml::Entry& kind) {
    for (const std::string_view key : {"at", "for", "drawn"}) {
      refuse(fields, key, "random faults occur during the whole run: see 'every' and 'for' inside 'random'");
    }
    if (palette_ == nullptr) {
      complaints_.add(kind.key.place, "'random' in a schedule", "a schedule lists each fault by itself");
    } else if (palette_->has_value()) {
      complaints_.add(kind.key.place, "a second 'random'", "keep one: its 'kinds' may name several kinds");
    } else {
      read_palette(kind.value, scenario_, palette_->emplace(), complaints_);
    }
  }

  const NodeNames& names_;
  const Scenario& scenario_;
  std::optional<Palette>* palette_;
  Complaints& complaints_;
  std::vector<PlacedFault> faults_;
};

}  // namespace

bool check_backend(FaultKind kind, const Place& place, const Scenario& scenario, Complaints& complaints) {
  const StorageOptions& storage = scenario.cluster.node.storage;
  if (!traits_of(kind).needs_disk || storage_traits(storage).uses_disk) return true;
  const std::string backend(storage_backend_name(storage.backend));
  complaints.add(place, "'" + std::string(fault_name(kind)) + "' with backend: " + backend,
                 "that backend uses no disk: remove the fault, or write backend: log in "
                 "'cluster.storage'");
  return false;
}

std::vector<PlacedFault> read_faults(const Yaml& value, const NodeNames& names, const Scenario& scenario,
                                     std::optional<Palette>* palette, Complaints& complaints) {
  // A schedule lists every single fault, whereas a scenario makes many of them from few items.
  const std::size_t items_max = palette == nullptr ? kFaultsMax : kFaultItemsMax;
  FaultReader reader(names, scenario, palette, complaints);
  for (const Yaml& item : read_list(value, "faults", "[{at: 5s, for: 5s, crash: n1}]", items_max, complaints)) {
    reader.read(item);
  }
  std::vector<PlacedFault> faults = reader.take();
  if (faults.size() > kFaultsMax) {
    complaints.add(value.place, "flapping and rolling make " + std::to_string(faults.size()) + " faults of this",
                   "at most " + std::to_string(kFaultsMax) + " are allowed");
    faults.clear();
  }
  return faults;
}

Schedule sorted_schedule(std::vector<PlacedFault> faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const PlacedFault& a, const PlacedFault& b) { return a.fault.at_ns < b.fault.at_ns; });
  Schedule schedule;
  for (PlacedFault& placed : faults) schedule.push_back(std::move(placed.fault));
  return schedule;
}

}  // namespace dkv::sim
