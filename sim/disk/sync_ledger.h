#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>

#include "engine/ports/disk.h"
#include "engine/ports/outbox.h"
#include "sim/disk/image.h"

namespace dkv::sim {

// Under the sync policies that acknowledge a write once the operating system has it: the acknowledged records that
// are also on the disk, so that no power loss may take them. It is computed from the syncs that ended, not from the
// store's own account. A record counts as synced once everything that the store wrote before it is durable. This is
// later than necessary when a segment is synced before the previous one.
class SyncLedger {
 public:
  explicit SyncLedger(std::uint64_t hash_salt = 0) : synced_(hash_salt) {}

  // Call it in the order of the log.
  void acknowledged(const Append& append) { unsynced_.push_back(append); }
  // A write of this life has ended. The file now has end_bytes, and the store's appends up to this number are in the
  // log.
  void landed(AppendId upto, FileName file, std::uint64_t end_bytes);
  // A sync has ended: this many bytes at the beginning of the file are durable.
  void synced(FileName file, std::uint64_t durable_bytes);

  // The process has ended. The next life numbers its appends again.
  void stopped();
  // A start has read the disk and moved the records that were perhaps not durable. All of them come before this
  // number.
  void restarted(AppendId upto);
  // A power loss: everything that it left is durable.
  void take_over(const Image& left);
  // Damage: the disk now holds this state under the name, which may be nothing.
  void take_over(const Record& now);
  void clear();

  // The records that no power loss may take.
  const Image& image() const noexcept { return synced_; }
  // The acknowledged records after these, in the order of the log.
  const std::deque<Append>& unsynced() const noexcept { return unsynced_; }
  // The memory that a copy needs; an estimate.
  std::uint64_t copy_bytes() const noexcept {
    return synced_.copy_bytes() + unsynced_.size() * sizeof(Append) + landings_.size() * sizeof(Landing);
  }

 private:
  struct Landing {
    AppendId upto = 0;
    FileName file;
    std::uint64_t end_bytes = 0;
  };
  void advance();

  Image synced_;
  std::deque<Append> unsynced_;
  bool numbers_known_ = false;  // the numbers in unsynced_ are those of this life
  std::deque<Landing> landings_;
  std::map<FileName, std::uint64_t> durable_bytes_;  // by the syncs of this life
  AppendId synced_upto_ = 0;
};

}  // namespace dkv::sim
