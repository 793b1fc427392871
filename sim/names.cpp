#include <array>
#include <cstddef>

#include "engine/core/assert.h"
#include "sim/command.h"
#include "sim/fault.h"
#include "sim/result.h"
#include "sim/scenario.h"

namespace dkv::sim {
namespace {

template <std::size_t kCount, class Enum>
const char* pick(const std::array<const char*, kCount>& names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  DKV_ASSERT(index < kCount);
  return names[index];
}

}  // namespace

const char* leg_name(Leg leg) noexcept {
  static constexpr std::array<const char*, kLegs> kNames = {"client",    "write", "read",   "reply",
                                                            "heartbeat", "hint",  "repair", "sync"};
  return pick(kNames, leg);
}

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
  return pick(kNames, kind);
}

const char* command_name(CommandKind kind) noexcept {
  static constexpr std::array<const char*, kCommandKinds> kNames = {
      "crash", "power_loss", "restart", "pause", "resume", "partition", "heal", "drop", "put", "delete"};
  return pick(kNames, kind);
}

const char* invariant_code(Invariant invariant) noexcept {
  static constexpr std::array<const char*, kInvariants> kNames = {"I1", "I2", "I3",  "I4", "I5",
                                                                  "I6", "I8", "I10", "I11"};
  return pick(kNames, invariant);
}

const char* invariant_name(Invariant invariant) noexcept {
  static constexpr std::array<const char*, kInvariants> kNames = {
      "no lost write", "unique dots", "convergence", "no resurrection", "honest acknowledgement",
      "sessions",      "hint ledger", "recovery",    "expiry"};
  return pick(kNames, invariant);
}

const char* operation_name(OperationKind kind) noexcept {
  static constexpr std::array<const char*, kOperationKinds> kNames = {"get", "put", "delete"};
  return pick(kNames, kind);
}

}  // namespace dkv::sim
