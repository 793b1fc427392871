#pragma once

#include <span>

#include "sim/disk/survivors.h"
#include "sim/oracle/oracle.h"
#include "sim/world/counters.h"
#include "sim/world/machine.h"

namespace dkv::sim {

// Holds what a start gives back against what was durable (I10), for one machine at one moment. It keeps nothing: the
// world makes one where it needs it. Before it returns, the machine's ledgers and the oracle go by what is there.
class RecoveryAudit {
 public:
  // acknowledges_unsynced: a power loss may take acknowledged records, by the policy that the operator chose.
  RecoveryAudit(NodeId node, Machine& machine, Oracle& oracle, WorldCounters& counters, bool acknowledges_unsynced,
                TimeNs now_ns)
      : node_(node),
        machine_(machine),
        oracle_(oracle),
        counters_(counters),
        acknowledges_unsynced_(acknowledges_unsynced),
        now_ns_(now_ns) {}

  // The process has started, and its store's index is whole again.
  void started();
  // The store has given up its value of the key. Where nothing was damaged nothing may be forgotten: comparing finds
  // it.
  void damage_found(const Key& key);
  // The store has lost the hint that it kept for the owner.
  void hint_lost(NodeId owner, const Key& key);
  // At the end of a run: a power loss now, and a start by itself. What it finds must be what was durable, or what the
  // policy lets a power loss make of it. Only if the disk has not failed.
  void last_power_loss(Stream random);
  // Whether the disk has ever damaged its bytes or failed to read them: then less is certain.
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
