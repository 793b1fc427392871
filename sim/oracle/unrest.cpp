#include "sim/oracle/unrest.h"

#include <fmt/format.h>

#include <variant>

namespace dkv::sim {
namespace {

bool is_work(const Message& message) {
  return std::holds_alternative<ReplicaPut>(message) || std::holds_alternative<ReplicaPutAck>(message) ||
         std::holds_alternative<ReplicaGet>(message) || std::holds_alternative<ReplicaGetReply>(message) ||
         std::holds_alternative<Forward>(message) || std::holds_alternative<ForwardReply>(message);
}

}  // namespace

void Unrest::on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) {
  for (const Effect& effect : effects) {
    const auto* send = std::get_if<Send>(&effect);
    if (!send || !is_work(send->message)) continue;
    ++messages_;
    last_ns_ = at_ns;
    last_from_ = node;
    last_to_ = send->to;
    last_name_ = message_name(send->message);
  }
}

std::string Unrest::found(TimeNs now_ns, std::uint64_t operations) const {
  const bool late = now_ns >= over_ns_;
  if (messages_ > messages_most_ || (late && messages_ > 0 && last_ns_ >= over_ns_ - kLastNs)) {
    return fmt::format("it finds no rest: after {} messages node {} still sends {} to node {}", messages_, last_from_,
                       last_name_, last_to_);
  }
  if (late && operations > 0) return fmt::format("it finds no rest: {} operations do not end", operations);
  return {};
}

}  // namespace dkv::sim
