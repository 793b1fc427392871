#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/types.h"
#include "viz/model/records.h"

namespace dkv::viz {

// Of every 64th moment of a branch: the world's state hash, its time, and what it cost to play the run up to there.
// Whoever plays a part again is held to these.
class Marks {
 public:
  static constexpr EventNumber kEvery = 64;
  struct Mark {
    std::uint64_t fingerprint = 0;
    TimeNs at_ns = 0;
    std::int64_t cost_ns = 0;  // of processing, since the beginning
  };

  static bool due(EventNumber event) noexcept { return event % kEvery == 0; }
  // event: 0, 64, 128, ... each in its turn, when it is reached for the first time.
  void add(EventNumber event, const Mark& mark);
  // Whether that moment is as it was before; true where nothing is known yet.
  bool agrees(EventNumber event, std::uint64_t fingerprint, TimeNs at_ns) const noexcept;
  // After a command: the moment itself has changed.
  void cut_after(EventNumber event) noexcept;

  // The last one at or before the event; there is always the first.
  const Mark& before(EventNumber event) const noexcept;
  // The last marked event whose moment is at or before the time.
  EventNumber event_before(TimeNs at_ns) const noexcept;
  std::size_t size() const noexcept { return marks_.size(); }

 private:
  std::vector<Mark> marks_;
};

}  // namespace dkv::viz
