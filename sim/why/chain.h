#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/types.h"
#include "sim/verdict/invariants.h"

namespace dkv::why {

using EventNumber = std::uint64_t;  // of an event of the run, from 1; 0: before the first one

struct Moment {
  EventNumber event = 0;
  TimeNs at_ns = -1;  // -1: it has not happened

  bool happened() const noexcept { return at_ns >= 0; }
  // Whether it happened at or before the other moment.
  bool by(const Moment& other) const noexcept { return happened() && event <= other.event; }
};

// One link of a chain.
struct Step {
  Moment when;
  NodeId node = kNoNode;
  std::string text;    // one sentence, which names the node
  bool proven = true;  // false: no event proves it, and the text says what is missing
};

// The kind of finding that a chain explains.
enum class About : std::uint8_t {
  kViolation,
  kExpectation,  // of a scenario or of a scripted step, which did not hold
  kStaleRead,
  kRefusal,  // an operation that was not done
  kExcused,
  kDiscarded,
};
inline constexpr std::size_t kAbouts = 6;
const char* about_name(About about) noexcept;  // for programs: "stale_read"

// The explanation of one finding.
struct Chain {
  About about = About::kViolation;
  std::string code;   // of a violation's invariant: "I1"; otherwise empty
  std::string title;  // the finding, in one line
  std::string key;    // may be empty
  // The step that decides it, without names and times: "a state drops it". Failures with the same cause have the same
  // mistake behind them, as far as the events prove it. Empty: no event decides it.
  std::string cause;
  std::vector<Step> steps;     // ascending by event
  std::uint64_t left_off = 0;  // steps that were left off, because there were too many

  bool proven() const noexcept;  // all its steps are
};

}  // namespace dkv::why
