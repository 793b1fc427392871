#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/node/config.h"

namespace dkv {

// The hints of this node: one state for each (owner, key). The owner is a primary that could not be reached.
class HintTable {
 public:
  struct Hint {
    ObjectPtr object;
    TimeNs created_wall_ns = 0;  // when its newest write came; its time to live counts from there
    Era era = 0;                 // of the oldest state in it; 0: an earlier life stored it in an unknown era
    bool in_flight = false;      // a delivery waits for its acknowledgement
  };
  using Id = std::pair<NodeId, Key>;
  using Table = std::map<Id, Hint>;

  explicit HintTable(const NodeConfig& config) : hints_max_(config.hints_max) {}

  // Null when there is none.
  const Hint* find(NodeId owner, const Key& key) const;
  bool full() const noexcept { return hints_.size() >= hints_max_; }
  void set(NodeId owner, const Key& key, ObjectPtr object, TimeNs created_wall_ns, Era era = 0);
  void erase(NodeId owner, const Key& key);
  void set_in_flight(NodeId owner, const Key& key, bool in_flight);

  // The merge of all hints for the key and these owners; null when there are none.
  ObjectPtr merged(const Key& key, std::span<const NodeId> owners, ConflictPolicy policy) const;

  // By owner, then key.
  const Table& all() const noexcept { return hints_; }
  std::size_t size() const noexcept { return hints_.size(); }
  // No hint was created before this moment.
  TimeNs oldest_wall_ns() const noexcept { return oldest_wall_ns_; }
  void recompute_oldest();
  // The last append that erased a hint or replaced its state. Until it is durable, a power loss may bring the old state
  // back.
  AppendId removing = 0;
  // The era of the oldest state in any hint; `none` when there are no hints.
  Era oldest_era(Era none) const noexcept;

 private:
  std::uint32_t hints_max_;
  TimeNs oldest_wall_ns_ = 0;
  Table hints_;
};

}  // namespace dkv
