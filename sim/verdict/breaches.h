#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "engine/core/names.h"
#include "sim/verdict/invariants.h"

namespace dkv::sim {

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
