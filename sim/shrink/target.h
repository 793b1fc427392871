#pragma once

#include <optional>
#include <string>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/world/world.h"

namespace dkv::sim {

// What a smaller run must still do to count as the same failure. A loss stays a loss: another breach of the same
// invariant is another failure.
struct Target {
  // kAborted: the process that plays the run ends, because an assertion does not hold.
  enum class Kind : std::uint8_t { kBreach, kExpectation, kStep, kAborted };
  Kind kind = Kind::kBreach;
  Breach breach = Breach::kLost;  // kBreach
  Expectation expect;             // kExpectation: this metric, compared with this number
  Step step;                      // kStep: a step of this kind and key, with these expectations
  // kStep: its result, without the contents of the answer. kAborted: the last words. kExpectation: see
  // nothing_behind(); empty when the number means something.
  std::string why;
  // kAborted: the number of events that can be played before it. Not a part of the failure.
  std::uint64_t events_before = 0;
  // kExpectation that an empty run fails as well: a smaller run must have an operation of these kinds (bits, by
  // OperationKind; 0: none is demanded), and one that was not done. See substance.h. Not a part of the failure.
  std::uint8_t demanded_kinds = 0;
  bool demands_failed = false;
};

// One failure of a finished run, as a person reads it.
struct Failure {
  Target target;
  TimeNs at_ns = -1;  // kBreach: when it was found; else -1
  std::string key;    // kBreach: of which key; may be empty
  std::string detail;
};

// All of them, in the order of the verdict; each target once. Commands that made no sense are not among them: nothing
// smaller could show more of these.
std::vector<Failure> failures_of(const World& world, const RunResult& result);
// Whether the two stand for the same failure.
bool same(const Target& a, const Target& b);

// "I1 no lost write: an acknowledged write is missing at the end", "stale_reads == 0", "a get of cart: the key ...".
std::string target_text(const Target& target);
// For programs and file names: "I1-lost", "stale_reads", "step".
std::string target_word(const Target& target);

}  // namespace dkv::sim
