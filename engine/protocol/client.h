#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "engine/core/context.h"
#include "engine/core/key.h"
#include "engine/core/names.h"
#include "engine/core/object.h"
#include "engine/core/quorum.h"
#include "engine/core/types.h"
#include "engine/protocol/fields.h"

namespace dkv {

enum class RequestKind : std::uint8_t { kGet, kPut, kDelete };
inline constexpr std::size_t kRequestKinds = enumerators<RequestKind>();
const char* request_name(RequestKind kind) noexcept;  // "get"

inline constexpr TimeNs kTtlForever = std::numeric_limits<TimeNs>::max();
inline constexpr TimeNs kTtlMaxNs = TimeNs{50} * 366 * 24 * 3600 * kSecond;
inline constexpr std::uint32_t kTimeoutMsMax = 600'000;

// A request that a client may send to any node. A put or delete replaces the versions that `context` has seen, and is
// concurrent with all others. With an empty context it is concurrent with all versions.
struct ClientRequest {
  RequestKind kind = RequestKind::kGet;
  QuorumMode mode = QuorumMode::kSloppy;
  bool return_siblings = false;     // a put is answered with the merged object instead of the client's own context
  std::uint8_t need = 2;            // R or W
  std::uint8_t need_primary = 0;    // PR or PW
  std::uint32_t timeout_ms = 1000;  // 1..kTimeoutMsMax
  WriteTag tag = 0;
  TimeNs ttl_ns = 0;  // puts: time to live of the value; 0: by the bucket's property; kTtlForever: no end
  Key key;
  Context context;
  Blob value;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ClientRequest;
    return visit("kind", &M::kind, field::UpTo{RequestKind::kDelete}) &&
           visit("mode", &M::mode, field::UpTo{QuorumMode::kStrict}) && visit("return_siblings", &M::return_siblings) &&
           visit("need", &M::need, field::Fixed{1, kReplicasMax}) &&
           visit("need_primary", &M::need_primary, field::Fixed{0, kReplicasMax}) &&
           visit("timeout_ms", &M::timeout_ms, field::Varint{1, kTimeoutMsMax}) &&
           visit("tag", &M::tag, field::Varint{}) && visit("ttl_ns", &M::ttl_ns, field::Fixed{}) &&
           visit("key", &M::key) && visit("context", &M::context) && visit("value", &M::value);
  }
};

enum class Outcome : std::uint8_t {
  kDone,     // W (or R) answers arrived; also a get that found nothing
  kRefused,  // certainly not done: no dot was minted, and nothing will appear
  kUnknown,  // copies may exist and may become visible later
};
inline constexpr std::size_t kOutcomes = enumerators<Outcome>();
std::span<const Word<Outcome>> outcome_words() noexcept;  // by Outcome
const char* outcome_name(Outcome outcome) noexcept;       // "refused"

// The reason why an outcome is not kDone; kNone when it is.
enum class Reason : std::uint8_t {
  kNone,
  kBadRequest,          // the numbers contradict each other or break a limit
  kNotReady,            // the node is starting
  kOverloaded,          // the limit of operations in progress, or of bytes that wait for the disk, is reached
  kTooFewReplicas,      // fewer reachable nodes than the quorum needs
  kReplicasIncomplete,  // too few of the replicas that answered can say whether the key exists
  kNoReachablePrimary,  // a write needs one primary that can mint its dot
  kTooManySiblings,     // the key is at its sibling cap: read, merge, and write with the context
  kTimedOut,            // the answers did not arrive in time
  kStorageFailed,       // the coordinator's disk failed
  kStorageFull,         // the coordinator's disk has no room
};
const char* reason_name(Reason reason) noexcept;  // for programs: "too_few_replicas"
const char* reason_text(Reason reason) noexcept;  // for people: "too few replicas reachable"

// The copies that were acknowledged: total = primary + fallback (hinted). `need` of them were required.
struct AckSummary {
  std::uint8_t total = 0;
  std::uint8_t primary = 0;
  std::uint8_t fallback = 0;
  std::uint8_t need = 0;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = AckSummary;
    return visit("total", &M::total, field::Fixed{}) && visit("primary", &M::primary, field::Fixed{}) &&
           visit("fallback", &M::fallback, field::Fixed{}) && visit("need", &M::need, field::Fixed{}) &&
           visit.rule("total", [](const M& acks) -> const char* {
             return acks.total == acks.primary + acks.fallback ? nullptr : "not the sum of primary and fallback";
           });
  }
};

struct ClientReply {
  Outcome outcome = Outcome::kUnknown;
  Reason reason = Reason::kNone;
  AckSummary acks;
  NodeId coordinator = kNoNode;  // the node that ran the quorum
  ObjectPtr object;              // the merged answer of a get (null: never written), or of a put that asked for it
  Context context;               // the versions that the client has now seen

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ClientReply;
    return visit("outcome", &M::outcome, field::UpTo{Outcome::kUnknown}) &&
           visit("reason", &M::reason, field::UpTo{Reason::kStorageFull}) &&
           visit.rule("reason",
                      [](const M& reply) -> const char* {
                        if ((reply.outcome == Outcome::kDone) == (reply.reason == Reason::kNone)) return nullptr;
                        return reply.reason == Reason::kNone ? "missing, although the outcome is not done"
                                                             : "given, although the outcome is done";
                      }) &&
           visit("acks", &M::acks) && visit("coordinator", &M::coordinator, field::Node{}) &&
           visit("object", &M::object, field::Nullable{}) && visit("context", &M::context);
  }
};

}  // namespace dkv
