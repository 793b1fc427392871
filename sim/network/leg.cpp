#include "sim/network/leg.h"

#include <type_traits>

namespace dkv::sim {
namespace {

Leg leg_of(CopyReason reason) noexcept {
  switch (reason) {
    case CopyReason::kWrite: return Leg::kWrite;
    case CopyReason::kHint:
    case CopyReason::kHintDelivery: return Leg::kHint;
    case CopyReason::kReadRepair: return Leg::kRepair;
    case CopyReason::kAntiEntropy: return Leg::kAntiEntropy;
  }
  return Leg::kWrite;
}

}  // namespace

Leg leg_of(const Message& message) noexcept {
  return std::visit(
      [](const auto& m) {
        using T = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<T, ReplicaPut>) {
          return leg_of(m.reason);
        } else if constexpr (std::is_same_v<T, ReplicaGet>) {
          return Leg::kRead;
        } else if constexpr (std::is_same_v<T, ReplicaPutAck> || std::is_same_v<T, ReplicaGetReply> ||
                             std::is_same_v<T, ForwardReply>) {
          return Leg::kReply;
        } else if constexpr (std::is_same_v<T, Forward>) {
          return m.request.kind == RequestKind::kGet ? Leg::kRead : Leg::kWrite;
        } else if constexpr (std::is_same_v<T, Heartbeat>) {
          return Leg::kHeartbeat;
        } else {
          return Leg::kAntiEntropy;
        }
      },
      message);
}

}  // namespace dkv::sim
