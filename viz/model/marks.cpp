#include "viz/model/marks.h"

#include <algorithm>

#include "engine/core/assert.h"

namespace dkv::viz {

void Marks::add(EventNumber event, const Mark& mark) {
  DKV_ASSERT(due(event) && event / kEvery == marks_.size());
  marks_.push_back(mark);
}

bool Marks::agrees(EventNumber event, std::uint64_t fingerprint, TimeNs at_ns) const noexcept {
  const EventNumber place = event / kEvery;
  if (!due(event) || place >= marks_.size()) return true;
  return marks_[place].fingerprint == fingerprint && marks_[place].at_ns == at_ns;
}

void Marks::cut_after(EventNumber event) noexcept {
  // The moment of the event itself has changed, unless it lies between two marks.
  const EventNumber keep = due(event) ? event / kEvery : event / kEvery + 1;
  if (keep < marks_.size()) marks_.resize(keep);
}

const Marks::Mark& Marks::before(EventNumber event) const noexcept {
  DKV_ASSERT(!marks_.empty());
  return marks_[std::min<EventNumber>(event / kEvery, marks_.size() - 1)];
}

EventNumber Marks::event_before(TimeNs at_ns) const noexcept {
  const auto after = std::ranges::upper_bound(marks_, at_ns, {}, &Mark::at_ns);
  return after == marks_.begin() ? 0 : (static_cast<EventNumber>(after - marks_.begin()) - 1) * kEvery;
}

}  // namespace dkv::viz
