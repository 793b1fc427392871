#include <string>

#include "sim/faults/catalogue.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {
constexpr Range<TimeNs> kPeriod{10 * kMillisecond, kDay};
}  // namespace

void read_palette(const Yaml& value, const Scenario& scenario, Palette& palette, Complaints& complaints) {
  const Fields fields(value, "random", kRandomKeys, complaints);
  if (!fields.is_map()) return;
  fields.duration("every", kPeriod, palette.every_ns);
  fields.whole("at_once", {1, 64}, palette.at_once_max);
  if (const Yaml* length = fields.find("for")) {
    const std::size_t before = complaints.size();
    const auto ends = read_list(*length, "for", "[500ms, 4s]", 16, complaints);
    if (complaints.size() == before && ends.size() != 2) {
      complaints.add(length->place, "'for' has " + std::to_string(ends.size()) + " items",
                     "the shortest and the longest time are needed, such as [500ms, 4s]");
    } else if (complaints.size() == before) {
      const bool least = read_duration(ends[0], "for", kPeriod, palette.for_least_ns, complaints);
      const bool most = read_duration(ends[1], "for", kPeriod, palette.for_most_ns, complaints);
      if (least && most && palette.for_least_ns > palette.for_most_ns) {
        complaints.add(ends[0].place, "'for' begins at " + quoted(ends[0].text) + ", after its end",
                       "write the shorter one first");
      }
    }
  }
  const Yaml* kinds = fields.need("kinds", "{partition: 3, crash: 1}");
  if (kinds == nullptr) return;
  std::vector<std::string_view> words;
  for (const FaultTraits& traits : fault_catalogue()) words.push_back(traits.word);
  const Fields weights(*kinds, "kinds", {"kinds", words}, complaints);
  if (weights.is_map() && kinds->entries.empty()) {
    complaints.add(kinds->place, "'kinds' is empty", "name at least one kind of fault, such as {partition: 1}");
  }
  for (const FaultTraits& traits : fault_catalogue()) {
    std::uint32_t weight = 0;
    if (!weights.whole(traits.word, {1, 1'000'000}, weight)) continue;
    if (traits.place == FaultPlace::kEnds && scenario.network.topology.links.empty()) {
      complaints.add(weights.place_of(traits.word), quoted(traits.word) + " without a topology",
                     "write network.topology with its links, or remove the kind");
      continue;
    }
    if (!check_backend(traits.kind, weights.place_of(traits.word), scenario, complaints)) continue;
    palette.kinds.emplace_back(traits.kind, weight);
  }
}

}  // namespace dkv::sim
