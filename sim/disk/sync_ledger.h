#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>

#include "engine/ports/disk.h"
#include "engine/ports/outbox.h"
#include "sim/disk/image.h"

namespace dkv::sim {

// Under the sync policies that acknowledge what the operating system has: which of a node's acknowledged records the
// disk has as well, so that no power loss may take them. Goes by the syncs that ended and not by what the store makes
// of them. A record counts as synced once all that the store wrote before it is, which is later than need be when a
// segment is synced before the one that came before it.
class SyncLedger {
 public:
  explicit SyncLedger(std::uint64_t hash_salt = 0) : synced_(hash_salt) {}

  // In the order of the log.
  void acknowledged(const Append& append) { unsynced_.push_back(append); }
  // A write of this life has ended: with it the file has end_bytes, and the store's appends up to this number stand in
  // the log.
  void landed(AppendId upto, FileName file, std::uint64_t end_bytes);
  // A sync has ended: so many of the file's first bytes are durable.
  void synced(FileName file, std::uint64_t durable_bytes);

  // The process ended. The numbers of the next life are others.
  void stopped();
  // A start has read the disk, and has moved what it did not know to be durable: all of it stands before this number.
  void restarted(AppendId upto);
  // A power loss: what it left is durable.
  void take_over(const Image& left);
  // Damage: under the name the disk holds this, which may be nothing.
  void take_over(const Record& now);
  void clear();

  // What no power loss may take.
  const Image& image() const noexcept { return synced_; }
  // What came after it, in the order of the log.
  const std::deque<Append>& unsynced() const noexcept { return unsynced_; }
  // What a copy takes in memory; an estimate.
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
  bool numbers_known_ = false;  // those of unsynced_ are of this life
  std::deque<Landing> landings_;
  std::map<FileName, std::uint64_t> durable_bytes_;  // of this life's syncs
  AppendId synced_upto_ = 0;
};

}  // namespace dkv::sim
