#include <array>

#include "sim/faults/fault.h"
#include "sim/kernel/pick_name.h"

namespace dkv::sim {

const char* fault_name(FaultKind kind) noexcept {
  static constexpr std::array<const char*, kFaultKinds> kNames = {"partition",
                                                                  "one_way",
                                                                  "loss",
                                                                  "duplicate",
                                                                  "reorder",
                                                                  "delay",
                                                                  "clog",
                                                                  "link_down",
                                                                  "crash",
                                                                  "power_loss",
                                                                  "pause",
                                                                  "slow",
                                                                  "wipe",
                                                                  "slow_disk",
                                                                  "clock_skew",
                                                                  "fail_sync",
                                                                  "read_errors",
                                                                  "bit_rot",
                                                                  "misdirected_write",
                                                                  "stalled_disk",
                                                                  "disk_full"};
  return pick_name(kNames, kind);
}

}  // namespace dkv::sim
