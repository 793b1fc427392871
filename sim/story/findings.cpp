// Hints, repairs and tombstones, and the setbacks of acknowledged writes: each at the time of its event.
#include "sim/oracle/findings.h"

#include <fmt/format.h>

#include "engine/core/assert.h"
#include "sim/story/setbacks.h"
#include "sim/story/story.h"
#include "sim/story/text.h"

namespace dkv::story {

// A line tells the event. Events without a line are counted, and none is told twice.
void Story::hint_observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  struct Words {
    const char* topic;
    const char* text;
    const char* because;
    Tone tone;
  };
  const auto words = [&]() -> Words {
    switch (observation.what) {
      case Observed::kHintStored:
        return {"hint stored", "stands in for {0} and keeps a hint, a copy of {1}",
                "the write succeeds without that primary, and the copy waits on disk until the primary is back",
                Tone::kPlain};
      case Observed::kHintDelivered:
        return {"hint delivered", "has delivered its hint of {1} to {0}, and forgets it",
                "the hint is forgotten only now, after the acknowledgement", Tone::kGood};
      case Observed::kHintExpired:
        return {"hint expired", "gives up its hint of {1} for {0}: it has expired",
                "hints are bounded; from here on only reads and anti-entropy can bring the copy over", Tone::kFault};
      case Observed::kHintRefused:
        return {"hint refused", "refuses a hint of {1} for {0}, because its table is full",
                "a limit on hints keeps a long outage from filling the disks of stand-ins", Tone::kFault};
      default: DKV_ASSERT(!"an observation of a hint"); return {};
    }
  }();
  if (observation.what == Observed::kHintExpired) ++hints_expired_;
  const std::string reason = why_(words.topic, words.because);
  const bool first = !reason.empty();
  if (first || (hints_told_.left > 0 && hints_told_.spend())) {
    const std::string key = shown(sim::key_text(observation.key), 24);
    return tell(
        {now_ns, name(node), fmt::format(fmt::runtime(words.text), name(observation.peer), key) + reason, words.tone});
  }
  switch (observation.what) {
    case Observed::kHintStored: return traffic_.hint_stored(node, observation.peer);
    case Observed::kHintDelivered: return traffic_.hint_delivered(node, observation.peer);
    case Observed::kHintExpired: return traffic_.hint_expired();
    default: return traffic_.hint_refused();
  }
}

void Story::repair_observed(NodeId node, const Observation& observation, TimeNs now_ns) {
  const bool read = observation.what == Observed::kReadRepaired;
  if (repairs_told_.left > 0 && repairs_told_.spend()) {
    const std::string key = shown(sim::key_text(observation.key), 24);
    const std::string reason =
        read ? why_("read repair", "read repair: keys that are read often are repaired first")
             : why_("anti-entropy",
                    "replicas compare Merkle trees in the background, and so find differences in keys that no client "
                    "reads");
    // A coordinator may be the replica that had answered with an older state.
    const std::string what = observation.peer == node
                                 ? fmt::format("takes the newer state of {} from another answer", key)
                                 : fmt::format("sends its state of {} to {}, which {}", key, name(observation.peer),
                                               read ? "has answered with an older one" : "has another one");
    return tell({now_ns, name(node), what + reason});
  }
  if (read) {
    traffic_.read_repair();
  } else {
    traffic_.anti_entropy_sent();
  }
}

void Story::reaped(NodeId node, const Key& key, TimeNs now_ns) {
  constexpr std::size_t kKeysMost = 100'000;
  if (forgotten_.size() < kKeysMost) forgotten_.insert(key.hash());
  const std::string reason =
      why_("reaped", "all its replicas hold it, and enough eras have passed that nothing older can arrive");
  if (reason.empty()) return traffic_.reaped();
  tell({now_ns, name(node), fmt::format("forgets the tombstone of {}", shown(sim::key_text(key), 24)) + reason,
        Tone::kGood});
}

std::string_view Story::nothing_words(const Key& key) const {
  if (!written_.contains(key.hash())) return "finds nothing: never written";
  return forgotten_.contains(key.hash()) ? "finds nothing: deleted, and its tombstone is forgotten" : "finds nothing";
}

std::string Story::words_of_setback(const sim::Setback& setback) const {
  const bool stale = setback.kind == sim::SetbackKind::kStaleRead;
  return setback_words(setback, stale ? witness_.cause_of(setback) : sim::StaleCause(), *scenario_);
}

void Story::on_setback(const sim::Setback& setback) {
  const bool stale = setback.kind == sim::SetbackKind::kStaleRead;
  if (stale) traffic_.stale_read();
  if (!setbacks_.spend()) return;
  const std::string words = words_of_setback(setback);
  const std::string key = shown(setback.key, 24);
  switch (setback.kind) {
    case sim::SetbackKind::kStaleRead:
      return tell({setback.at_ns, "!! stale",
                   fmt::format("{} reads {} via {} and {}", last_read_.who, key, name(last_read_.via), words),
                   Tone::kFault});
    case sim::SetbackKind::kDiscarded:
      return tell({setback.at_ns, "!! gone",
                   fmt::format("{}, key {}: {}", name(setback.node), key, words) +
                       why_("discarded", "last-write-wins keeps the latest timestamp, and tells no client"),
                   Tone::kFault});
    case sim::SetbackKind::kLost:
      return tell({setback.at_ns, "!! lost", fmt::format("key {}: {}", key, words), Tone::kFault});
    case sim::SetbackKind::kReturned:
      return tell({setback.at_ns, "!! back",
                   fmt::format("{} reads {} via {} and {}", last_read_.who, key, name(last_read_.via), words),
                   Tone::kFault});
  }
}

}  // namespace dkv::story
