#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "engine/core/types.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/world/world.h"

namespace dkv::sim {

// How a run fails, for the question whether another run of its scenario fails by the same or in the same way.
struct SameFailure {
  enum class Kind : std::uint8_t {
    kInvariant,    // an invariant is broken, in one of its ways
    kExpectation,  // an expectation does not hold
    kStep,         // a step comes to something else than it expects
  };
  Kind kind = Kind::kInvariant;
  Invariant invariant = Invariant::kNoLostWrite;         // kInvariant
  Breach breach = Breach::kLost;                         // kInvariant: the way in which it is broken
  std::string key;                                       // kInvariant: of the violation; may be empty
  TimeNs until_ns = std::numeric_limits<TimeNs>::max();  // kInvariant: found later, it is another violation
  std::size_t index = 0;                                 // kExpectation: in Scenario::expect
  const Step* step = nullptr;                            // kStep: in the scenario, which outlives this
};

// Of the run that has ended: its first violation, else its first expectation, else its first step. Empty when it
// passes, or fails by its commands only.
std::optional<SameFailure> failure_of(const World& ended);

// Whether a run fails by this failure: the same invariant is broken in the same way at the same key, and not much
// later; or the same expectation or step fails. Of a run that goes on: whether it is certain already.
bool fails_by(const World& world, const SameFailure& failure);
// Whether a run fails in this way, wherever and whenever: the same invariant is broken in the same way; or, as above,
// the same expectation or step fails.
bool fails_like(const World& world, const SameFailure& failure);

}  // namespace dkv::sim
