#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "viz/model/records.h"

namespace dkv::viz {

// The events of one branch of a run, in chunks. Chunks far from the focus may be dropped to stay within a budget. A
// reader that needs them plays that part of the run again. A copy shares the chunks.
class EventLog {
 public:
  static constexpr EventNumber kChunkEvents = 4096;
  struct Chunk {
    EventNumber first = 0;                    // number of the first event; chunk 0 also has the notes of moment 0
    std::vector<EventRecord> events;          // ascending; a whole chunk has kChunkEvents
    std::vector<Note> notes;                  // ascending by event
    std::vector<OperationRecord> operations;  // ascending by event
    std::uint64_t bytes() const noexcept;
  };
  static EventNumber chunk_of(EventNumber event) noexcept { return event == 0 ? 0 : (event - 1) / kChunkEvents; }
  static EventNumber first_of(EventNumber chunk) noexcept { return chunk * kChunkEvents + 1; }

  // Null when the event is unknown or was dropped.
  const EventRecord* event(EventNumber number) const noexcept;
  bool has(EventNumber number) const noexcept { return event(number) != nullptr; }
  // Whether the log has every event in [from, to] that has been played. `known` is the last played event of the
  // branch.
  bool has_all(EventNumber from, EventNumber to, EventNumber known) const noexcept;
  // The chunk of this event, with its notes and operations; null when the log does not have it.
  const Chunk* chunk(EventNumber number) const noexcept;
  std::size_t chunks() const noexcept { return chunks_.size(); }

  // Calls use(note) for each note of the events in [from, to] that the log has.
  template <typename Use>
  void each_note(EventNumber from, EventNumber to, Use&& use) const {
    each_chunk(from, to, [&](const Chunk& one) {
      for (const Note& note : one.notes) {
        if (note.event >= from && note.event <= to) use(note);
      }
    });
  }
  // Calls use(operation) for each operation that ended in the events [from, to] and that the log has.
  template <typename Use>
  void each_operation(EventNumber from, EventNumber to, Use&& use) const {
    each_chunk(from, to, [&](const Chunk& one) {
      for (const OperationRecord& operation : one.operations) {
        if (operation.event >= from && operation.event <= to) use(operation);
      }
    });
  }

  // The number of the first event at or after the time, among those in the chunks; the last event + 1 when all are
  // earlier. The first times of dropped chunks are kept, so these count by that time.
  EventNumber first_at(TimeNs at_ns) const noexcept;

  // --- Used by the session only.
  // The chunk into which the record of event `next` goes. Null when it is there already, or when earlier events are
  // missing.
  Chunk* open(EventNumber next);
  // The chunk whose last event this is, for notes about what came after it; null when there is none.
  Chunk* last(EventNumber event);
  void note_time(EventNumber event, TimeNs at_ns);  // once for each event, when it is played for the first time
  void forget(EventNumber chunk);                   // drops the chunk: it will be played again
  // Forgets everything after the event. Notes of the event itself stay.
  void cut_after(EventNumber event);
  // Drops the chunks that are furthest from the focus until the rest takes at most budget_bytes. The chunk of the
  // focus and the last chunk always stay.
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

  std::vector<std::shared_ptr<Chunk>> chunks_;  // null: dropped. A shared chunk is copied before it changes
  std::vector<TimeNs> first_ns_;                // the time of each chunk's first event
};

}  // namespace dkv::viz
