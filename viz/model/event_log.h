#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "viz/model/records.h"

namespace dkv::viz {

// The events of one branch of a run, in chunks. Chunks that are far from what is looked at may be dropped to keep
// within a budget; whoever needs them plays that part of the run again. A copy shares the chunks.
class EventLog {
 public:
  static constexpr EventNumber kChunkEvents = 4096;
  struct Chunk {
    EventNumber first = 0;                    // of the first event; chunk 0 also holds the notes of moment 0
    std::vector<EventRecord> events;          // ascending; those of a whole chunk are kChunkEvents
    std::vector<Note> notes;                  // ascending by event
    std::vector<OperationRecord> operations;  // ascending by event
    std::uint64_t bytes() const noexcept;
  };
  static EventNumber chunk_of(EventNumber event) noexcept { return event == 0 ? 0 : (event - 1) / kChunkEvents; }
  static EventNumber first_of(EventNumber chunk) noexcept { return chunk * kChunkEvents + 1; }

  // Null: not known, or dropped.
  const EventRecord* event(EventNumber number) const noexcept;
  bool has(EventNumber number) const noexcept { return event(number) != nullptr; }
  // Whether everything in [from, to] is at hand, as far as the branch has been played (known events).
  bool has_all(EventNumber from, EventNumber to, EventNumber known) const noexcept;
  // Notes and operations of one chunk's events; empty when it is not at hand.
  const Chunk* chunk(EventNumber number) const noexcept;
  std::size_t chunks() const noexcept { return chunks_.size(); }

  // Calls use(note) for each note at hand of the events in [from, to].
  template <typename Use>
  void each_note(EventNumber from, EventNumber to, Use&& use) const {
    each_chunk(from, to, [&](const Chunk& one) {
      for (const Note& note : one.notes) {
        if (note.event >= from && note.event <= to) use(note);
      }
    });
  }
  // Calls use(operation) for each operation at hand that ended in the events [from, to].
  template <typename Use>
  void each_operation(EventNumber from, EventNumber to, Use&& use) const {
    each_chunk(from, to, [&](const Chunk& one) {
      for (const OperationRecord& operation : one.operations) {
        if (operation.event >= from && operation.event <= to) use(operation);
      }
    });
  }

  // The number of the first event at or after the time, among those at hand in the chunks; `known` + 1 when all are
  // before it. Chunks that were dropped count by their time, which is kept.
  EventNumber first_at(TimeNs at_ns) const noexcept;

  // --- For the session.
  // The chunk that gets the record of event `next`; null when it has that already, or lacks what comes before.
  Chunk* open(EventNumber next);
  // The chunk of which the event is the last one so far, for notes of what came after it; null when there is none.
  Chunk* last(EventNumber event);
  void note_time(EventNumber event, TimeNs at_ns);  // once for each event that is played for the first time
  void forget(EventNumber chunk);                   // drops it: it is played again
  // Forgets all that comes after the event. Notes of the event itself stay.
  void cut_after(EventNumber event);
  // Drops the chunks that are furthest from the focus until all others take at most budget_bytes; never that of the
  // focus, and never the last one.
  void thin(std::uint64_t budget_bytes, EventNumber focus);
  std::uint64_t bytes() const noexcept;

 private:
  Chunk* writable(std::shared_ptr<Chunk>& chunk);
  template <typename Use>
  void each_chunk(EventNumber from, EventNumber to, Use&& use) const {
    for (EventNumber i = chunk_of(from); i <= chunk_of(to) && i < chunks_.size(); ++i) {
      if (chunks_[i]) use(*chunks_[i]);
    }
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;  // null: dropped; one that another log shares is copied before a change
  std::vector<TimeNs> first_ns_;                // of each chunk's first event
};

}  // namespace dkv::viz
