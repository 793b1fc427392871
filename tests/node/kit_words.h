// Short words for what nodes do, so that a test can say what it expects in one line; and short ways to ask.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ports/outbox.h"

namespace dkv::testing {

inline Key key_of(std::string_view name) {
  return *Key::make(kDefaultBucket, name);
}

inline ClientRequest get_of(std::string_view key, std::uint8_t need = 2) {
  return {.kind = RequestKind::kGet, .need = need, .key = key_of(key)};
}
inline ClientRequest put_of(std::string_view key, std::string_view value, std::uint8_t need = 2) {
  return {.kind = RequestKind::kPut, .need = need, .key = key_of(key), .value = Blob(value)};
}
inline ClientRequest delete_of(std::string_view key, const Context& context, std::uint8_t need = 2) {
  return {.kind = RequestKind::kDelete, .need = need, .key = key_of(key), .context = context};
}
inline ClientRequest with_context(ClientRequest request, const Context& context) {
  request.context = context;
  return request;
}
inline ClientRequest strict(ClientRequest request) {
  request.mode = QuorumMode::kStrict;
  return request;
}

// "nothing", or the siblings' values in order, "a,b", with "-" for a tombstone.
inline std::string values_of(const ObjectPtr& object) {
  if (!object) return "nothing";
  std::vector<std::string> values;
  for (const Sibling& sibling : object->siblings()) {
    values.push_back(sibling.tombstone ? "-" : sibling.cold_bytes > 0 ? "cold" : std::string(sibling.value.view()));
  }
  std::ranges::sort(values);
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
  return text;
}

inline const char* word_for(Outcome outcome) {
  constexpr const char* kWords[] = {"done", "refused", "unknown"};
  return kWords[static_cast<int>(outcome)];
}
inline const char* word_for(Reason reason) {
  constexpr const char* kWords[] = {"",
                                    " bad-request",
                                    " not-ready",
                                    " overloaded",
                                    " too-few-replicas",
                                    " no-reachable-primary",
                                    " too-many-siblings",
                                    " timed-out",
                                    " storage-failed",
                                    " storage-full"};
  return kWords[static_cast<int>(reason)];
}

// "done 2", "done 1+1" (primaries + fallbacks), "refused overloaded", "unknown timed-out 1".
inline std::string words_for(const ClientReply& reply) {
  std::string text = std::string(word_for(reply.outcome)) + word_for(reply.reason);
  if (reply.acks.total > 0) text += " " + std::to_string(reply.acks.primary);
  if (reply.acks.fallback > 0) text += "+" + std::to_string(reply.acks.fallback);
  return text;
}

inline std::string words_for(const Record& record, const std::string& letters) {
  switch (record.space) {
    case KeySpace::kObjects: return "stores " + values_of(record.object);
    case KeySpace::kHints:
      return (record.object ? "keeps " + values_of(record.object) : std::string("drops hint")) + " for " +
             letters[record.owner];
    case KeySpace::kIdentity: return "epoch " + std::to_string(record.actor.epoch);
  }
  return "?";
}

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
  std::string operator()(const SyncRoots& sync) const { return "roots " + std::to_string(sync.roots.size()); }
  std::string operator()(const SyncLeaves& sync) const { return "leaves " + std::to_string(sync.partitions.size()); }
  std::string operator()(const SyncKeys& sync) const { return "keys " + std::to_string(sync.entries.size()); }
  std::string operator()(const SyncObjects& sync) const {
    return "objects " + std::to_string(sync.objects.size()) + " wants " + std::to_string(sync.wanted.size());
  }
};

inline std::string words_for(const Message& message, const std::string& letters) {
  return std::visit(MessageWords{letters}, message);
}

}  // namespace dkv::testing
