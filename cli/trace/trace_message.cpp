#include "cli/trace/trace_message.h"

#include "cli/terminal/json.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

const char* copy_reason_name(CopyReason reason) noexcept {
  switch (reason) {
    case CopyReason::kWrite: return "write";
    case CopyReason::kHint: return "hint";
    case CopyReason::kHintDelivery: return "hint_delivery";
    case CopyReason::kReadRepair: return "read_repair";
    case CopyReason::kAntiEntropy: return "anti_entropy";
  }
  return "unknown";
}

const char* request_name(RequestKind kind) noexcept {
  switch (kind) {
    case RequestKind::kGet: return "get";
    case RequestKind::kPut: return "put";
    case RequestKind::kDelete: return "delete";
  }
  return "unknown";
}

// The siblings' tags; those of tombstones negative.
Json tags_of(const ObjectPtr& object) {
  if (!object) return nullptr;
  Json tags = Json::array();
  for (const Sibling& sibling : object->siblings()) {
    const auto tag = static_cast<std::int64_t>(sibling.tag);
    tags.push_back(sibling.tombstone ? -tag : tag);
  }
  return tags;
}

struct AddMessage {
  Json& line;
  const sim::Scenario& scenario;

  void operator()(const ReplicaPut& m) const {
    line["op"] = m.op;
    line["reason"] = copy_reason_name(m.reason);
    if (m.hint_for != kNoNode) line["hint_for"] = node_name(scenario, m.hint_for);
    line["key"] = key_text(m.key);
    line["tags"] = tags_of(m.object);
  }
  void operator()(const ReplicaPutAck& m) const {
    line["op"] = m.op;
    line["stored"] = m.stored;
  }
  void operator()(const ReplicaGet& m) const {
    line["op"] = m.op;
    line["key"] = key_text(m.key);
  }
  void operator()(const ReplicaGetReply& m) const {
    line["op"] = m.op;
    line["tags"] = tags_of(m.object);
  }
  void operator()(const Forward& m) const {
    line["op"] = m.op;
    add_request(line, m.request);
  }
  void operator()(const ForwardReply& m) const {
    line["op"] = m.op;
    add_reply(line, m.reply, scenario);
  }
  void operator()(const Heartbeat& m) const {
    line["incarnation"] = m.incarnation;
    line["hears_you"] = m.hears_you;
    line["era"] = m.era;
    line["settled"] = m.settled;
  }
  void operator()(const AntiEntropyRoots& m) const { line["partitions"] = m.roots.size(); }
  void operator()(const AntiEntropyLeaves& m) const {
    Json partitions = Json::array();
    for (const auto& leaves : m.partitions) partitions.push_back(leaves.partition);
    line["partitions"] = std::move(partitions);
  }
  void operator()(const AntiEntropyKeys& m) const {
    line["partition"] = m.partition;
    line["leaf_mask"] = m.leaf_mask;
    line["keys"] = m.entries.size();
  }
  void operator()(const AntiEntropyObjects& m) const {
    Json objects = Json::array();
    for (const auto& entry : m.objects)
      objects.push_back({{"key", key_text(entry.key)}, {"tags", tags_of(entry.object)}});
    Json wanted = Json::array();
    for (const Key& key : m.wanted) wanted.push_back(key_text(key));
    line["objects"] = std::move(objects);
    line["wanted"] = std::move(wanted);
  }
  void operator()(const TombstonesAsk& m) const { add_keys(m.entries); }
  void operator()(const TombstonesHeld& m) const { add_keys(m.entries); }
  void operator()(const TombstonesReap& m) const { add_keys(m.entries); }

  void add_keys(const std::vector<TombstoneEntry>& entries) const {
    Json keys = Json::array();
    for (const TombstoneEntry& entry : entries) keys.push_back(key_text(entry.key));
    line["keys"] = std::move(keys);
  }
};

}  // namespace

std::string key_text(const Key& key) {
  if (key.empty()) return {};
  if (key.bucket() == kDefaultBucket) return std::string(key.key());
  return std::string(key.bucket()) + "/" + std::string(key.key());
}

const char* outcome_name(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kDone: return "done";
    case Outcome::kRefused: return "refused";
    case Outcome::kUnknown: return "unknown";
  }
  return "unknown";
}

const char* reason_name(Reason reason) noexcept {
  switch (reason) {
    case Reason::kNone: return "none";
    case Reason::kBadRequest: return "bad_request";
    case Reason::kNotReady: return "not_ready";
    case Reason::kOverloaded: return "overloaded";
    case Reason::kTooFewReplicas: return "too_few_replicas";
    case Reason::kNoReachablePrimary: return "no_reachable_primary";
    case Reason::kTooManySiblings: return "too_many_siblings";
    case Reason::kTimedOut: return "timed_out";
    case Reason::kStorageFailed: return "storage_failed";
    case Reason::kStorageFull: return "storage_full";
  }
  return "unknown";
}

void add_message(Json& line, const Message& message, const sim::Scenario& scenario) {
  line["message"] = message_name(message);
  std::visit(AddMessage{line, scenario}, message);
}

void add_request(Json& line, const ClientRequest& request) {
  line["request"] = request_name(request.kind);
  line["key"] = key_text(request.key);
  line["mode"] = request.mode == QuorumMode::kStrict ? "strict" : "sloppy";
  line["need"] = request.need;
  if (request.need_primary > 0) line["need_primary"] = request.need_primary;
  if (request.kind == RequestKind::kGet) return;
  line["tag"] = request.tag;
  line["blind"] = request.context.seen.empty();
}

void add_reply(Json& line, const ClientReply& reply, const sim::Scenario& scenario) {
  line["outcome"] = outcome_name(reply.outcome);
  if (reply.reason != Reason::kNone) line["why"] = reason_name(reply.reason);
  line["acks"] = {{"total", reply.acks.total},
                  {"primary", reply.acks.primary},
                  {"fallback", reply.acks.fallback},
                  {"need", reply.acks.need}};
  if (reply.coordinator != kNoNode) line["coordinator"] = node_name(scenario, reply.coordinator);
  if (reply.object) line["tags"] = tags_of(reply.object);
}

}  // namespace dkv::cli
