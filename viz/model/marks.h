#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/types.h"
#include "viz/model/records.h"

namespace dkv::viz {

// For every 64th moment of a branch: the world's state hash, its time, and the cost of playing the run up to there. A
// part that is played again must agree with these marks.
class Marks {
 public:
  static constexpr EventNumber kEvery = 64;
  struct Mark {
    std::uint64_t fingerprint = 0;
    TimeNs at_ns = 0;
    std::int64_t cost_ns = 0;  // of processing time since the beginning
  };

  static bool due(EventNumber event) noexcept { return event % kEvery == 0; }
  // event: 0, 64, 128, ... in order, each when it is reached for the first time.
  void add(EventNumber event, const Mark& mark);
  // Whether the moment is the same as the first time; true where there is no mark yet.
  bool agrees(EventNumber event, std::uint64_t fingerprint, TimeNs at_ns) const noexcept;
  // Called after a command, because that changes the moment itself.
  void cut_after(EventNumber event) noexcept;

  // The last mark at or before the event. The first mark always exists.
  const Mark& before(EventNumber event) const noexcept;
  // The last marked event whose moment is at or before the time.
  EventNumber event_before(TimeNs at_ns) const noexcept;
  std::size_t size() const noexcept { return marks_.size(); }

 private:
  std::vector<Mark> marks_;
};

}  // namespace dkv::viz
