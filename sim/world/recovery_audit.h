#pragma once

#include <span>

#include "sim/disk/survivors.h"
#include "sim/oracle/oracle.h"
#include "sim/verdict/counts.h"
#include "sim/world/machine.h"

namespace dkv::sim {

// Compares the records that a start finds with the records that were durable (I10), for one machine at one moment. It
// has no state; the world creates one when needed. Afterwards the machine's ledgers and the oracle continue with the
// records that were found.
class RecoveryAudit {
 public:
  // acknowledges_unsynced: the operator chose a policy under which a power loss may take acknowledged records.
  RecoveryAudit(NodeId node, Machine& machine, Oracle& oracle, WorldCounters& counters, bool acknowledges_unsynced,
                TimeNs now_ns)
      : node_(node),
        machine_(machine),
        oracle_(oracle),
        counters_(counters),
        acknowledges_unsynced_(acknowledges_unsynced),
        now_ns_(now_ns) {}

  // The process has started, and the index of its store is complete.
  void started();
  // The store has given up its value of the key. On a disk that never failed, the next comparison judges this.
  void damage_found(const Key& key);
  // The store has lost its hint for this owner and key.
  void hint_lost(NodeId owner, const Key& key);
  // At the end of a run the disk loses power, and a fresh store reads it. The store must find all durable records,
  // except records that the sync policy lets a power loss take. Only for a disk that has not failed.
  void last_power_loss(Stream random);
  // True when the disk has ever damaged its bytes or failed to read them.
  bool disk_failed() const noexcept { return machine_.folder.ever_damaged() || machine_.folder.ever_unreadable(); }

 private:
  FallenBack fallen_back(const Storage& store, const DiskFolder& folder) const;
  void lose_unsynced(const Storage& store);
  void compare(const Storage& store, std::span<const Record> explained, bool excused);
  void take_over(const Record& name, const ObjectPtr& is);

  NodeId node_;
  Machine& machine_;
  Oracle& oracle_;
  WorldCounters& counters_;
  bool acknowledges_unsynced_;
  TimeNs now_ns_;
};

}  // namespace dkv::sim
