#include "tests/node/kit_words.h"

#include <algorithm>

namespace dkv::testing {

Key key_of(std::string_view name) {
  return *Key::make(kDefaultBucket, name);
}

ClientRequest get_of(std::string_view key, std::uint8_t need) {
  return {.kind = RequestKind::kGet, .need = need, .key = key_of(key)};
}

ClientRequest put_of(std::string_view key, std::string_view value, std::uint8_t need) {
  return {.kind = RequestKind::kPut, .need = need, .key = key_of(key), .value = Blob(value)};
}

ClientRequest delete_of(std::string_view key, const Context& context, std::uint8_t need) {
  return {.kind = RequestKind::kDelete, .need = need, .key = key_of(key), .context = context};
}

ClientRequest with_context(ClientRequest request, const Context& context) {
  request.context = context;
  return request;
}

ClientRequest strict(ClientRequest request) {
  request.mode = QuorumMode::kStrict;
  return request;
}

std::string values_of(const ObjectPtr& object) {
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

const char* word_for(Outcome outcome) {
  constexpr const char* kWords[] = {"done", "refused", "unknown"};
  return kWords[static_cast<int>(outcome)];
}

const char* word_for(Reason reason) {
  constexpr const char* kWords[] = {"",
                                    " bad-request",
                                    " not-ready",
                                    " overloaded",
                                    " too-few-replicas",
                                    " replicas-incomplete",
                                    " no-reachable-primary",
                                    " too-many-siblings",
                                    " timed-out",
                                    " storage-failed",
                                    " storage-full"};
  return kWords[static_cast<int>(reason)];
}

std::string words_for(const ClientReply& reply) {
  std::string text = std::string(word_for(reply.outcome)) + word_for(reply.reason);
  if (reply.acks.total > 0) text += " " + std::to_string(reply.acks.primary);
  if (reply.acks.fallback > 0) text += "+" + std::to_string(reply.acks.fallback);
  return text;
}

std::string words_for(const Record& record, const std::string& letters) {
  switch (record.space) {
    case KeySpace::kObjects: return "stores " + values_of(record.object);
    case KeySpace::kHints:
      return (record.object ? "keeps " + values_of(record.object) : std::string("drops hint")) + " for " +
             letters[record.owner];
    case KeySpace::kIdentity: return "epoch " + std::to_string(record.identity.actor.epoch);
    case KeySpace::kDictionaries: break;
  }
  return "?";
}

std::string words_for(const Message& message, const std::string& letters) {
  return std::visit(MessageWords{letters}, message);
}

}  // namespace dkv::testing
