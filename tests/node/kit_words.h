// Short words for effects of nodes, so that a test states its expectation in one line; and short requests.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ports/outbox.h"

namespace dkv::testing {

Key key_of(std::string_view name);

ClientRequest get_of(std::string_view key, std::uint8_t need = 2);
ClientRequest put_of(std::string_view key, std::string_view value, std::uint8_t need = 2);
ClientRequest delete_of(std::string_view key, const Context& context, std::uint8_t need = 2);
ClientRequest with_context(ClientRequest request, const Context& context);
ClientRequest strict(ClientRequest request);

// "nothing", or the values of the siblings in order, "a,b". A tombstone is "-".
std::string values_of(const ObjectPtr& object);

const char* word_for(Outcome outcome);
const char* word_for(Reason reason);

// "done 2", "done 1+1" (primaries + fallbacks), "refused overloaded", "unknown timed-out 1".
std::string words_for(const ClientReply& reply);

std::string words_for(const Record& record, const std::string& letters);

// letters: by node id. A heartbeat has no words.
struct MessageWords {
  const std::string& letters;
  std::string operator()(const ReplicaPut& put) const {
    constexpr const char* kReasons[] = {"write", "hint", "delivery", "repair", "anti-entropy"};
    std::string text = std::string(kReasons[static_cast<int>(put.reason)]) + " " + values_of(put.object);
    return put.hint_for == kNoNode ? text : text + " for " + letters[put.hint_for];
  }
  std::string operator()(const ReplicaPutAck& ack) const { return ack.stored ? "stored" : "not-stored"; }
  std::string operator()(const ReplicaGet&) const { return "get"; }
  std::string operator()(const ReplicaGetReply& reply) const { return "has " + values_of(reply.object); }
  std::string operator()(const Forward&) const { return "forward"; }
  std::string operator()(const ForwardReply& reply) const { return "reply " + words_for(reply.reply); }
  std::string operator()(const Heartbeat&) const { return {}; }
  std::string operator()(const AntiEntropyRoots& m) const { return "roots " + std::to_string(m.roots.size()); }
  std::string operator()(const AntiEntropyLeaves& m) const { return "leaves " + std::to_string(m.partitions.size()); }
  std::string operator()(const AntiEntropyKeys& m) const { return "keys " + std::to_string(m.entries.size()); }
  std::string operator()(const AntiEntropyObjects& m) const {
    return "objects " + std::to_string(m.objects.size()) + " wants " + std::to_string(m.wanted.size());
  }
  std::string operator()(const ReapAsk& m) const { return "asks for states " + std::to_string(m.entries.size()); }
  std::string operator()(const ReapHeld& m) const { return "holds states " + std::to_string(m.entries.size()); }
  std::string operator()(const LaterLife& m) const { return "has heard life " + std::to_string(m.later); }
  std::string operator()(const ReapForget& m) const { return "reap " + std::to_string(m.entries.size()); }
};

std::string words_for(const Message& message, const std::string& letters);

}  // namespace dkv::testing
