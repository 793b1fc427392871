#pragma once

#include <cstdint>
#include <deque>

#include "engine/core/types.h"
#include "engine/ports/outbox.h"
#include "sim/disk/image.h"

namespace dkv::sim {

// The records of a node's store, as the oracles know them. Appends are pending until the store has made them durable.
class RecordLedger {
 public:
  explicit RecordLedger(std::uint64_t hash_salt = 0) : durable_(hash_salt) {}

  void append(Append&& append) { pending_.push_back(std::move(append)); }

  bool idle() const noexcept { return pending_.empty(); }
  std::size_t pending() const noexcept { return pending_.size(); }
  const Record& next() const noexcept { return pending_.front().record; }
  AppendId next_id() const noexcept { return pending_.front().id; }
  // Makes the oldest pending append durable.
  void settle_next() {
    durable_.apply(pending_.front().record);
    pending_.pop_front();
  }
  void drop_next() noexcept { pending_.pop_front(); }
  const std::deque<Append>& all_pending() const noexcept { return pending_; }
  // Passes each pending record to keep(record), which may change it. Drops the records for which it returns false.
  template <typename Keep>
  void review_pending(Keep&& keep) {
    std::erase_if(pending_, [&](Append& append) { return !keep(append.record); });
  }
  // Applies a record that turned out to be on the disk.
  void apply(const Record& record) { durable_.apply(record); }
  void wipe() {
    pending_.clear();
    durable_.clear();
  }

  const Image& durable() const noexcept { return durable_; }

 private:
  Image durable_;
  std::deque<Append> pending_;
};

}  // namespace dkv::sim
