#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "engine/core/names.h"

namespace dkv::sim {

// The promises that every run must keep. All code that shows, reads or explains an invariant uses kInvariantList.
enum class Invariant : std::uint8_t {
  kNoLostWrite,
  kUniqueDots,
  kConvergence,
  kNoResurrection,
  kHonestAck,
  kSessions,
  kQuiet,
  kHintLedger,
  kRecovery,
  kExpiry,
  kProgress,
};

struct InvariantInfo {
  Invariant value;
  const char* code;     // in scenarios, traces and capsules: "I1"
  const char* name;     // "no lost write"
  const char* promise;  // the promise to a user of the store, in one sentence
  const char* judged;   // how the oracle judges it
};

inline constexpr InvariantInfo kInvariantList[] = {
    {Invariant::kNoLostWrite, "I1", "no lost write", "an acknowledged write stays, unless a later write had seen it",
     "the final siblings are the acknowledged writes that no effective write had seen; no refused or unwritten "
     "value appears; no node drops a version without a successor"},
    {Invariant::kUniqueDots, "I2", "unique dots", "no dot ever names two writes",
     "a dot of a key names one write tag, always"},
    {Invariant::kConvergence, "I3", "convergence", "after the heal all replicas of every key become identical",
     "after the heal all primaries of all keys hold the same, in bounded time"},
    {Invariant::kNoResurrection, "I4", "no resurrection", "a deleted value never comes back",
     "no node takes back a version that its own earlier state had replaced; no tombstone is forgotten while a "
     "disk holds a version that it had replaced, and no such version is ever stored again; no final version is "
     "covered by an acknowledged delete"},
    {Invariant::kHonestAck, "I5", "honest acknowledgement",
     "an answer proves the number of durable copies that it states",
     "when the client is answered, W distinct disks hold the write or a successor, durable by the chosen sync "
     "policy"},
    {Invariant::kSessions, "I6", "sessions", "clients read their own writes and never go back in time",
     "a read shows the writes and reads of its own session, if the quorums promise it"},
    {Invariant::kQuiet, "I7", "quiet", "a converged cluster without load does no repairs",
     "after convergence a copy of the cluster idles for ten rounds of anti-entropy of every pair; nothing is repaired, "
     "fetched or sent, except heartbeats, roots, eras, reaping and expiry; the run itself ends before that"},
    {Invariant::kHintLedger, "I8", "hint ledger", "every hint is accounted for",
     "made = delivered + superseded + expired + pending + lost with a disk; and the owner held the state of a "
     "delivered hint"},
    {Invariant::kRecovery, "I10", "recovery", "a start finds on the disk exactly what was durable",
     "every start returns the durable state, by the record of the simulated disk, or a state that was appended "
     "after it; damage excuses only the records that it hit"},
    {Invariant::kExpiry, "I11", "expiry", "a value is shown until it expires, and not after that",
     "no read shows a value after the end that an acknowledged put set, and no live value shows as expired: "
     "by the oracle's own clock, within twice the largest clock skew of the run"},
    {Invariant::kProgress, "I12", "progress", "a healed cluster reads, writes and deletes every key",
     "after convergence a copy of the cluster, with a calm network, is asked for its keys, through one node or all: "
     "gets of all replicas, then puts and deletes with the key's context are done; no operation outlives its "
     "deadline; during the run no request is called bad, and none is unknown that was acknowledged"},
};
static_assert(covers_each(kInvariantList));
inline constexpr std::size_t kInvariants = std::size(kInvariantList);

constexpr const InvariantInfo& about(Invariant invariant) noexcept {
  return row_of(kInvariantList, invariant);
}
constexpr const char* invariant_code(Invariant invariant) noexcept {
  return about(invariant).code;
}
constexpr const char* invariant_name(Invariant invariant) noexcept {
  return about(invariant).name;
}

}  // namespace dkv::sim
