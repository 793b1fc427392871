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
  kBounds,
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
     "when the client is answered, W distinct disks, for W distinct places of the preference list, hold the write or "
     "a successor, durable by the chosen sync policy"},
    {Invariant::kSessions, "I6", "sessions", "clients read their own writes and never go back in time",
     "a read shows the writes and reads of its own session, if the quorums promise it"},
    {Invariant::kQuiet, "I7", "quiet", "a converged cluster without load does no repairs",
     "after convergence a copy of the cluster ends its work in bounded time, and idles for ten rounds of "
     "anti-entropy of every pair; nothing is repaired, fetched or sent then, except heartbeats, roots, eras, reaping "
     "and expiry; the run itself ends before that"},
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
    {Invariant::kBounds, "I13", "bounds", "the clock of a key stays short, however often nodes start and disks fail",
     "after convergence, when a copy of the cluster had time to collapse clocks, no clock has more entries and "
     "isolated "
     "dots than twice the number of replicas and one for each sibling"},
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

// The ways in which an invariant can be broken. Two violations of one breach are the same kind of failure: shrinking
// keeps the breach, and fuzzing groups failures by it.
enum class Breach : std::uint8_t {
  kLost,
  kDropped,
  kForgotten,
  kRefusedButStored,
  kUnwritten,
  kReplacedReturns,
  kSeveralUnderLww,
  kTwoWritesOneDot,
  kReplicasDiffer,
  kHintsLeft,
  kNotAtRest,
  kDeletedReturns,
  kTombstoneTooEarly,
  kFewerAcknowledgements,
  kFewerCopies,
  kPlaceTwice,
  kNotShown,
  kNotQuiet,
  kHintReplaced,
  kHintErased,
  kHintTooEarly,
  kHintsUnaccounted,
  kRecoveredWrongly,
  kShownAfterExpiry,
  kExpiredTooEarly,
  kNotDone,
  kOutlivesDeadline,
  kCalledBad,
  kUnknownThoughDone,
  kLongClock,
};

struct BreachInfo {
  Breach value;
  Invariant invariant;
  const char* word;     // for programs: "lost"
  const char* meaning;  // "an acknowledged write is missing at the end"
};

inline constexpr BreachInfo kBreachList[] = {
    {Breach::kLost, Invariant::kNoLostWrite, "lost", "an acknowledged write is missing at the end"},
    {Breach::kDropped, Invariant::kNoLostWrite, "dropped", "a node drops a version without a successor"},
    {Breach::kForgotten, Invariant::kNoLostWrite, "forgotten", "a node forgets a value that nobody has deleted"},
    {Breach::kRefusedButStored, Invariant::kNoLostWrite, "refused_but_stored",
     "a write that was refused as certainly not done is stored"},
    {Breach::kUnwritten, Invariant::kNoLostWrite, "unwritten", "a version or a value appears that nobody wrote"},
    {Breach::kReplacedReturns, Invariant::kNoLostWrite, "replaced_returns", "a replaced version is there at the end"},
    {Breach::kSeveralUnderLww, Invariant::kNoLostWrite, "several_under_lww",
     "several versions are left where last-write-wins leaves one"},
    {Breach::kTwoWritesOneDot, Invariant::kUniqueDots, "two_writes_one_dot", "one dot names two writes"},
    {Breach::kReplicasDiffer, Invariant::kConvergence, "replicas_differ", "the primaries of a key differ at the end"},
    {Breach::kHintsLeft, Invariant::kConvergence, "hints_left", "hints still wait at the end"},
    {Breach::kNotAtRest, Invariant::kConvergence, "not_at_rest",
     "the time to converge ran out before everything rested"},
    {Breach::kDeletedReturns, Invariant::kNoResurrection, "deleted_returns", "a version that was replaced comes back"},
    {Breach::kTombstoneTooEarly, Invariant::kNoResurrection, "tombstone_too_early",
     "a tombstone is forgotten while a replica still holds what it deleted"},
    {Breach::kFewerAcknowledgements, Invariant::kHonestAck, "fewer_acknowledgements",
     "a write is answered as done after too few acknowledgements"},
    {Breach::kFewerCopies, Invariant::kHonestAck, "fewer_copies",
     "an answer stands for more durable copies than exist"},
    {Breach::kPlaceTwice, Invariant::kHonestAck, "place_twice",
     "an answer counts a primary and its own stand-in, which are one copy after the handoff"},
    {Breach::kNotShown, Invariant::kSessions, "not_shown", "a read does not show a write that its quorum promises"},
    {Breach::kNotQuiet, Invariant::kQuiet, "not_quiet", "a converged, idle cluster does something"},
    {Breach::kHintReplaced, Invariant::kHintLedger, "hint_replaced",
     "a newer hint does not contain the one it replaces"},
    {Breach::kHintErased, Invariant::kHintLedger, "hint_erased", "a hint is erased that nobody got"},
    {Breach::kHintTooEarly, Invariant::kHintLedger, "hint_too_early",
     "a hint is removed before its owner holds its state durably"},
    {Breach::kHintsUnaccounted, Invariant::kHintLedger, "hints_unaccounted", "the counts of hints do not add up"},
    {Breach::kRecoveredWrongly, Invariant::kRecovery, "recovered_wrongly",
     "a start gives back something else than the durable state"},
    {Breach::kShownAfterExpiry, Invariant::kExpiry, "shown_after_expiry", "a read shows a value after its end"},
    {Breach::kExpiredTooEarly, Invariant::kExpiry, "expired_too_early", "a living value shows as expired"},
    {Breach::kNotDone, Invariant::kProgress, "not_done", "a healed cluster does not read, write or delete a key"},
    {Breach::kOutlivesDeadline, Invariant::kProgress, "outlives_deadline", "an operation outlives its deadline"},
    {Breach::kCalledBad, Invariant::kProgress, "called_bad", "an honest request is refused as a bad one"},
    {Breach::kUnknownThoughDone, Invariant::kProgress, "unknown_though_done",
     "an operation is answered as unknown, although everything that it needed was acknowledged"},
    {Breach::kLongClock, Invariant::kBounds, "long_clock", "the clock of a key stays long although nothing happens"},
};
static_assert(covers_each(kBreachList));
inline constexpr std::size_t kBreaches = std::size(kBreachList);

constexpr const BreachInfo& about(Breach breach) noexcept {
  return row_of(kBreachList, breach);
}
constexpr Invariant invariant_of(Breach breach) noexcept {
  return about(breach).invariant;
}

}  // namespace dkv::sim
