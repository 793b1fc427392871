#pragma once

#include <cstdint>
#include <deque>

#include "engine/core/types.h"
#include "engine/ports/outbox.h"
#include "sim/disk/image.h"

namespace dkv::sim {

// A node's disk: appends become visible to nobody until a sync that began after them has ended. What arrives while a
// sync is under way shares the next one (group commit).
class Disk {
 public:
  explicit Disk(std::uint64_t hash_salt = 0) : durable_(hash_salt) {}

  void append(Append&& append) { pending_.push_back(std::move(append)); }

  // True when a sync should begin now: something waits and none is under way.
  bool wants_sync() const noexcept { return !syncing_ && !pending_.empty(); }
  // Begins a sync of everything appended so far; its id names it when it ends.
  std::uint64_t begin_sync() noexcept {
    syncing_ = true;
    sync_upto_ = pending_.back().id;
    return ++sync_id_;
  }
  // False for a sync that a crash has cut off.
  bool is_current(std::uint64_t sync_id) const noexcept { return syncing_ && sync_id == sync_id_; }
  AppendId sync_upto() const noexcept { return sync_upto_; }
  void end_sync() noexcept { syncing_ = false; }

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
  // Gives each pending record to keep(record), which may change it; takes away those for which it answers false.
  template <typename Keep>
  void review_pending(Keep&& keep) {
    std::erase_if(pending_, [&](Append& append) { return !keep(append.record); });
  }
  // What the disk turned out to hold.
  void apply(const Record& record) { durable_.apply(record); }
  // The machine stopped: whatever is still pending is gone.
  void drop_pending() noexcept {
    pending_.clear();
    syncing_ = false;
  }
  void wipe() {
    drop_pending();
    durable_.clear();
  }

  const Image& durable() const noexcept { return durable_; }

 private:
  Image durable_;
  std::deque<Append> pending_;
  bool syncing_ = false;
  AppendId sync_upto_ = 0;
  std::uint64_t sync_id_ = 0;
};

}  // namespace dkv::sim
