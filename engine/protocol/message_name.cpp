#include <array>

#include "engine/protocol/messages.h"

namespace dkv {

const char* message_name(const Message& message) noexcept {
  static constexpr std::array<const char*, std::variant_size_v<Message>> kNames = {
      "ReplicaPut",         "ReplicaPutAck", "ReplicaGet",       "ReplicaGetReply",   "Forward",
      "ForwardReply",       "Heartbeat",     "AntiEntropyRoots", "AntiEntropyLeaves", "AntiEntropyKeys",
      "AntiEntropyObjects", "TombstonesAsk", "TombstonesHeld",   "TombstonesReap"};
  return kNames[message.index()];
}

}  // namespace dkv
