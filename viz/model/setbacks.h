#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "viz/model/branch.h"

namespace dkv::viz {

// Finds the setback of an operation: that the read was stale, or that the write was lost or discarded later.
class WrongOperations {
 public:
  // Follows the branch. Cheap when it has found nothing new.
  void update(const Branch& branch);
  // Null: as far as the branch has been played, nothing is wrong with it. Valid until the branch changes.
  const FoundSetback* of(const OperationRecord& operation) const;

 private:
  const Branch* branch_ = nullptr;
  std::size_t seen_ = 0;
  EventNumber first_ = 0, last_ = 0;                                    // events of the first and the last one seen
  std::map<WriteTag, std::size_t> writes_;                              // the first setback of each write
  std::map<std::pair<EventNumber, std::uint32_t>, std::size_t> reads_;  // by event and session
};

}  // namespace dkv::viz
