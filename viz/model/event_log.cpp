#include "viz/model/event_log.h"

#include <algorithm>

#include "engine/core/assert.h"

namespace dkv::viz {

std::uint64_t EventLog::Chunk::bytes() const noexcept {
  return sizeof(Chunk) + events.capacity() * sizeof(EventRecord) + notes.capacity() * sizeof(Note) +
         operations.capacity() * sizeof(OperationRecord);
}

const EventLog::Chunk* EventLog::chunk(EventNumber number) const noexcept {
  return number < chunks_.size() ? chunks_[number].get() : nullptr;
}

const EventRecord* EventLog::event(EventNumber number) const noexcept {
  const Chunk* const found = number == 0 ? nullptr : chunk(chunk_of(number));
  const EventNumber place = found ? number - found->first : 0;
  return found && place < found->events.size() ? &found->events[place] : nullptr;
}

bool EventLog::has_all(EventNumber from, EventNumber to, EventNumber known) const noexcept {
  to = std::min(to, known);
  for (EventNumber event = std::max<EventNumber>(from, 1); event <= to;) {
    const EventNumber last = std::min(to, first_of(chunk_of(event)) + kChunkEvents - 1);
    if (!has(last)) return false;
    event = last + 1;
  }
  return true;
}

EventNumber EventLog::first_at(TimeNs at_ns) const noexcept {
  const auto after = std::ranges::lower_bound(first_ns_, at_ns);
  if (after == first_ns_.begin()) return 1;
  const auto place = static_cast<EventNumber>(after - first_ns_.begin()) - 1;
  const Chunk* const found = chunk(place);
  if (!found) return first_of(place);
  const auto event =
      std::ranges::lower_bound(found->events, at_ns, {}, [](const EventRecord& record) { return record.at_ns; });
  return found->first + static_cast<EventNumber>(event - found->events.begin());
}

EventLog::Chunk* EventLog::writable(std::shared_ptr<Chunk>& chunk) {
  if (chunk.use_count() > 1) {
    chunk = std::make_shared<Chunk>(*chunk);
    chunk->events.reserve(kChunkEvents);
  }
  return chunk.get();
}

EventLog::Chunk* EventLog::open(EventNumber next) {
  const EventNumber number = chunk_of(next);
  if (number >= chunks_.size()) chunks_.resize(number + 1);
  std::shared_ptr<Chunk>& slot = chunks_[number];
  if (!slot) {
    if (next > first_of(number)) return nullptr;
    slot = std::make_shared<Chunk>(Chunk{.first = first_of(number), .events = {}, .notes = {}, .operations = {}});
    slot->events.reserve(kChunkEvents);
  }
  return slot->first + slot->events.size() == next ? writable(slot) : nullptr;
}

EventLog::Chunk* EventLog::last(EventNumber event) {
  const EventNumber number = chunk_of(event);
  if (event == 0 && (chunks_.empty() || !chunks_[0])) {
    chunks_.resize(std::max<std::size_t>(chunks_.size(), 1));
    chunks_[0] = std::make_shared<Chunk>(Chunk{.first = 1, .events = {}, .notes = {}, .operations = {}});
    chunks_[0]->events.reserve(kChunkEvents);
  }
  if (number >= chunks_.size() || !chunks_[number]) return nullptr;
  return chunks_[number]->first + chunks_[number]->events.size() == event + 1 ? writable(chunks_[number]) : nullptr;
}

void EventLog::note_time(EventNumber event, TimeNs at_ns) {
  const EventNumber number = chunk_of(event);
  if (number < first_ns_.size()) return;
  DKV_ASSERT(number == first_ns_.size());
  first_ns_.push_back(at_ns);
}

void EventLog::forget(EventNumber chunk) {
  if (chunk < chunks_.size()) chunks_[chunk].reset();
}

void EventLog::cut_after(EventNumber event) {
  const EventNumber number = chunk_of(event);
  if (number < chunks_.size()) chunks_.resize(number + 1);
  if (number < first_ns_.size()) first_ns_.resize(event == 0 ? 0 : number + 1);
  if (number >= chunks_.size() || !chunks_[number]) return;
  Chunk cut = *chunks_[number];
  const EventNumber keep = event == 0 ? 0 : event - cut.first + 1;
  if (keep < cut.events.size()) cut.events.resize(keep);
  std::erase_if(cut.notes, [&](const Note& note) { return note.event > event; });
  std::erase_if(cut.operations, [&](const OperationRecord& operation) { return operation.event > event; });
  chunks_[number] = std::make_shared<Chunk>(std::move(cut));
}

std::uint64_t EventLog::bytes() const noexcept {
  std::uint64_t bytes = first_ns_.size() * sizeof(TimeNs);
  for (const auto& one : chunks_) bytes += one ? one->bytes() : 0;
  return bytes;
}

void EventLog::thin(std::uint64_t budget_bytes, EventNumber focus) {
  std::uint64_t held = bytes();
  const EventNumber here = chunk_of(focus);
  const auto distance = [here](EventNumber number) { return number > here ? number - here : here - number; };
  while (held > budget_bytes && chunks_.size() > 2) {
    // The furthest chunk is at one of the two ends.
    EventNumber low = 0;
    EventNumber high = chunks_.size() - 2;  // the last chunk is still being written
    while (low < high && !chunks_[low]) ++low;
    while (high > low && !chunks_[high]) --high;
    const EventNumber victim = distance(low) >= distance(high) ? low : high;
    if (victim == here || !chunks_[victim]) return;
    held -= chunks_[victim]->bytes();
    chunks_[victim].reset();
  }
}

}  // namespace dkv::viz
