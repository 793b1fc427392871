#include <array>

#include "sim/kernel/pick_name.h"
#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

const char* leg_name(Leg leg) noexcept {
  static constexpr std::array<const char*, kLegs> kNames = {"client",    "write", "read",   "reply",
                                                            "heartbeat", "hint",  "repair", "sync"};
  return pick_name(kNames, leg);
}

const char* command_name(CommandKind kind) noexcept {
  static constexpr std::array<const char*, kCommandKinds> kNames = {
      "crash", "power_loss", "restart", "pause", "resume", "partition", "heal", "drop", "put", "delete"};
  return pick_name(kNames, kind);
}

}  // namespace dkv::sim
