#include <array>

#include "sim/kernel/pick_name.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

const char* invariant_code(Invariant invariant) noexcept {
  static constexpr std::array<const char*, kInvariants> kNames = {"I1", "I2", "I3",  "I4", "I5",
                                                                  "I6", "I8", "I10", "I11"};
  return pick_name(kNames, invariant);
}

const char* invariant_name(Invariant invariant) noexcept {
  static constexpr std::array<const char*, kInvariants> kNames = {
      "no lost write", "unique dots", "convergence", "no resurrection", "honest acknowledgement",
      "sessions",      "hint ledger", "recovery",    "expiry"};
  return pick_name(kNames, invariant);
}

const char* operation_name(OperationKind kind) noexcept {
  static constexpr std::array<const char*, kOperationKinds> kNames = {"get", "put", "delete"};
  return pick_name(kNames, kind);
}

}  // namespace dkv::sim
