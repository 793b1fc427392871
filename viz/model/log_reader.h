#pragma once

#include <cstddef>
#include <vector>

#include "viz/model/event_log.h"

namespace dkv::viz {

// Remembers how much of a branch's log it has read, so that a list that is made from the log grows with the log and is
// never made again. Chunks that were dropped, and were played again, are not read twice.
class LogReader {
 public:
  // Calls note(Note) and operation(OperationRecord) for each record that is new.
  template <typename UseNote, typename UseOperation>
  void each_new(const EventLog& log, UseNote&& note, UseOperation&& operation) {
    if (read_.size() < log.chunks()) read_.resize(log.chunks());
    for (EventNumber i = 0; i < log.chunks(); ++i) {
      const EventLog::Chunk* chunk = log.chunk(i);
      if (!chunk) continue;
      for (; read_[i].notes < chunk->notes.size(); ++read_[i].notes) note(chunk->notes[read_[i].notes]);
      for (; read_[i].operations < chunk->operations.size(); ++read_[i].operations)
        operation(chunk->operations[read_[i].operations]);
    }
  }

 private:
  struct Read {
    std::size_t notes = 0, operations = 0;
  };
  std::vector<Read> read_;  // by chunk
};

}  // namespace dkv::viz
