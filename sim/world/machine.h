#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/node/node.h"
#include "sim/disk/disk_folder.h"
#include "sim/disk/record_ledger.h"
#include "sim/disk/sync_ledger.h"
#include "sim/kernel/distribution.h"
#include "sim/kernel/rng.h"
#include "sim/world/events.h"

namespace dkv::sim {

// Delays that faults impose. Each belongs to the number of its fault.
class Delays {
 public:
  void add(std::uint32_t fault, const Distribution& delay) { delays_.emplace_back(fault, delay); }
  void remove(std::uint32_t fault) {
    std::erase_if(delays_, [fault](const auto& entry) { return entry.first == fault; });
  }
  bool empty() const noexcept { return delays_.empty(); }
  // Draws once from each delay and returns the sum.
  TimeNs draw(Stream& random) const {
    TimeNs sum_ns = 0;
    for (const auto& [fault, delay] : delays_) sum_ns += delay.at(random.next());
    return sum_ns;
  }

 private:
  std::vector<std::pair<std::uint32_t, Distribution>> delays_;
};

// One machine of the cluster: its process, its disk, its clock, and the effects of faults on them. A plain value.
struct Machine {
  explicit Machine(std::uint64_t hash_salt) : records(hash_salt), synced(hash_salt) {}

  // --- The process.
  std::optional<Node> node;  // empty while it is down
  const Node* process() const noexcept { return node ? &*node : nullptr; }
  Incarnation incarnation = 0;
  bool powered = true;              // false: it lost power, so it resets no connection
  bool respawning = false;          // its supervisor will start it again
  std::uint32_t down = 0;           // faults that keep it down
  std::uint32_t paused = 0;         // faults that keep it standing still
  Delays slow;                      // of each event
  std::vector<Scheduled> deferred;  // events that came while it stood still

  // --- The disk.
  RecordLedger records;       // the durable records and the pending ones
  DiskFolder folder;          // the bytes, if the store uses a disk
  SyncLedger synced;          // for policies under which an append counts as durable before it is synced
  TimeNs power_lost_ns = -1;  // for such policies: the last power loss since the last start; -1: none
  bool ledger_open = false;   // the store of this life has read the disk
  Delays slow_disk;           // of each request
  std::uint32_t full = 0;     // faults that keep it full
  std::vector<DiskEnds> stalled;

  // --- The wall clock.
  TimeNs skew_ns = 0;
};

// The durable bytes of a machine's disk at one moment, with the ledgers about them. Copies share the bytes.
struct DiskSnapshot {
  explicit DiskSnapshot(const Machine& machine)
      : records(machine.records), folder(machine.folder.backup()), synced(machine.synced) {
    synced.stopped();
  }

  RecordLedger records;
  DiskFolder folder;
  SyncLedger synced;
};

}  // namespace dkv::sim
