#include "viz/model/causes.h"

#include <unordered_set>

namespace dkv::viz {
namespace {

// Chains of causes end at these events.
bool begins_something(EventKind kind) {
  return kind == EventKind::kTimer || kind == EventKind::kClientBegins || kind == EventKind::kClientArrives ||
         kind == EventKind::kClientPatience;
}

}  // namespace

std::vector<EventNumber> causes_of(const EventLog& log, EventNumber event) {
  std::vector<EventNumber> causes;
  const EventRecord* record = log.event(event);
  while (record && !begins_something(record->kind) && record->cause != 0 && (record->cause & sim::kCommandCause) == 0) {
    causes.push_back(record->cause);
    record = log.event(record->cause);
  }
  return causes;
}

std::vector<EventNumber> effects_of(const EventLog& log, EventNumber event, EventNumber last) {
  std::vector<EventNumber> effects;
  std::unordered_set<EventNumber> reached{event};
  for (EventNumber next = event + 1; next <= last; ++next) {
    const EventRecord* const record = log.event(next);
    if (!record || begins_something(record->kind) || !reached.contains(record->cause)) continue;
    reached.insert(next);
    effects.push_back(next);
  }
  return effects;
}

}  // namespace dkv::viz
