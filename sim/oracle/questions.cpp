#include "sim/oracle/questions.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

// The answer speaks of this moment and not of the key, so another one may follow.
bool may_pass(const ClientReply& reply) {
  switch (reply.reason) {
    case Reason::kNotReady:
    case Reason::kOverloaded:
    case Reason::kTooFewReplicas:
    case Reason::kReplicasIncomplete:
    case Reason::kNoReachablePrimary:
    case Reason::kTimedOut:
    case Reason::kStorageFailed:
    case Reason::kStorageFull: return true;
    case Reason::kNone:
    case Reason::kBadRequest:
    case Reason::kTooManySiblings: return false;
  }
  return false;
}

}  // namespace

Questions::Questions(const Terms& terms, std::vector<Key> keys, NodeId first_node)
    : terms_(terms), keys_(std::move(keys)), first_node_(first_node) {
  DKV_ASSERT(terms_.nodes >= 1 && terms_.replicas >= 1 && terms_.at_once >= 1);
  lines_.resize(std::min<std::size_t>(terms_.at_once, keys_.size()));
}

std::vector<Questions::Question> Questions::begin() {
  std::vector<Question> first;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!take_key(lines_[i])) break;
    ++open_;
    first.push_back(ask(i, 1));
  }
  return first;
}

bool Questions::take_key(Line& line) {
  if (next_key_ == keys_.size()) return false;
  line = {.open = true, .key = next_key_++, .serial = line.serial};
  return true;
}

// Goes on to the next question of the key, or of the next key.
bool Questions::advance(Line& line) {
  line.tries = 0;
  if (line.kind == RequestKind::kGet) {
    line.kind = RequestKind::kPut;
    return true;
  }
  if (line.kind == RequestKind::kDelete) return take_key(line);
  const bool last = line.visit + 1 == visits(line.key);
  line.kind = last ? RequestKind::kDelete : RequestKind::kGet;
  if (!last) ++line.visit;
  return true;
}

Questions::Question Questions::ask(std::size_t number, TimeNs after_ns) {
  Line& line = lines_[number];
  ++line.tries;
  ++asked_;
  const bool get = line.kind == RequestKind::kGet;
  ClientRequest request{.kind = line.kind,
                        .mode = terms_.mode,
                        .need = get ? static_cast<std::uint8_t>(terms_.replicas) : terms_.write_need,
                        .need_primary = get ? static_cast<std::uint8_t>(terms_.replicas) : terms_.write_primary,
                        .timeout_ms = terms_.timeout_ms,
                        .key = keys_[line.key]};
  if (!get) request.context = line.context;
  if (line.kind == RequestKind::kPut) request.value = Blob("an answer");
  return {.token = kTokenBit | std::uint64_t{number} << 32 | ++line.serial,
          .node = node_of(line),
          .after_ns = after_ns,
          .request = std::move(request)};
}

std::optional<Questions::Question> Questions::answered(std::uint64_t token, const ClientReply& reply) {
  const std::size_t number = (token & ~kTokenBit) >> 32;
  DKV_ASSERT(number < lines_.size());
  Line& line = lines_[number];
  if (!line.open || line.serial != static_cast<std::uint32_t>(token)) return std::nullopt;
  if (reply.outcome == Outcome::kDone) {
    line.context = reply.context;
  } else if (may_pass(reply) && line.tries < kTries) {
    return ask(number, kTryAgainAfterNs);
  } else if (reply.reason != Reason::kTooManySiblings || !line.context.seen.empty()) {
    found(line, &reply);
  }
  if (advance(line)) return ask(number, 1);
  line.open = false;
  --open_;
  return std::nullopt;
}

void Questions::end() {
  for (Line& line : lines_) {
    if (!line.open) continue;
    found(line, nullptr);
    line.open = false;
  }
  open_ = 0;
}

void Questions::found(const Line& line, const ClientReply* reply) {
  if (findings_.size() == kKept) return;
  Finding& finding = findings_.emplace_back();
  finding.node = node_of(line);
  finding.key = keys_[line.key];
  finding.kind = line.kind;
  finding.with_context = line.kind != RequestKind::kGet && !line.context.seen.empty();
  if (reply) finding.reply = *reply;
  finding.asked = line.tries;
}

}  // namespace dkv::sim
