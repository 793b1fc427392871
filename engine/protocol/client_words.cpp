// The names of requests, outcomes and reasons.
#include "engine/protocol/client.h"

namespace dkv {
namespace {

constexpr Word<RequestKind> kRequests[] = {
    {"get", RequestKind::kGet}, {"put", RequestKind::kPut}, {"delete", RequestKind::kDelete}};
static_assert(names_each(kRequests));

constexpr Word<Outcome> kOutcomeWords[] = {
    {"done", Outcome::kDone}, {"refused", Outcome::kRefused}, {"unknown", Outcome::kUnknown}};
static_assert(names_each(kOutcomeWords));

struct ReasonInfo {
  Reason value;
  const char* name;
  const char* text;
};
constexpr ReasonInfo kReasons[] = {
    {Reason::kNone, "none", "no reason given"},
    {Reason::kBadRequest, "bad_request", "the quorums, the time to live, the size or the context are out of range"},
    {Reason::kNotReady, "not_ready", "the node does not serve"},
    {Reason::kOverloaded, "overloaded", "too many requests in progress, or a disk that is too slow"},
    {Reason::kTooFewReplicas, "too_few_replicas", "too few replicas reachable"},
    {Reason::kReplicasIncomplete, "replicas_incomplete",
     "too few replicas can say whether the key exists: a disk was replaced or damaged and is being filled, or the "
     "cluster is new and a member was not heard yet"},
    {Reason::kNoReachablePrimary, "no_reachable_primary", "no primary of the key reachable"},
    {Reason::kTooManySiblings, "too_many_siblings",
     "too many siblings: read the key, merge them, and write with the context"},
    {Reason::kTimedOut, "timed_out", "timed out"},
    {Reason::kStorageFailed, "storage_failed", "the node's disk failed"},
    {Reason::kStorageFull, "storage_full", "the node's disk is full"},
};
static_assert(covers_each(kReasons));

}  // namespace

const char* request_name(RequestKind kind) noexcept {
  return name_of(kRequests, kind);
}

std::span<const Word<Outcome>> outcome_words() noexcept {
  return kOutcomeWords;
}

const char* outcome_name(Outcome outcome) noexcept {
  return name_of(kOutcomeWords, outcome);
}

const char* reason_name(Reason reason) noexcept {
  return row_of(kReasons, reason).name;
}

const char* reason_text(Reason reason) noexcept {
  return row_of(kReasons, reason).text;
}

}  // namespace dkv
