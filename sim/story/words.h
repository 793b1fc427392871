// The words of a story: what a fault, a reason or a cast is called.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protocol/client.h"
#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"
#include "sim/watch/observer.h"

namespace dkv::story {

enum class Tone : std::uint8_t { kPlain, kStrong, kDim, kFault, kGood, kBad };

// One line of the story, before it is printed.
struct Row {
  TimeNs at_ns = 0;
  std::string who;
  std::string text;
  Tone tone = Tone::kPlain;
};

// Explains each thing once: why it matters is worth reading the first time only.
class Why {
 public:
  // " — because" the first time, nothing later.
  std::string operator()(std::string_view topic, std::string_view because) {
    return told_.emplace(topic).second ? " — " + std::string(because) : std::string();
  }

 private:
  std::set<std::string, std::less<>> told_;
};

struct FaultWords {
  std::string who;     // "network" or the nodes hit
  std::string begins;  // "is split: n1 | n2 and n3, for 5 s"
  std::string ends;
  std::string_view why;  // it matters
};
FaultWords words_of(const sim::Fault& fault, const sim::Scenario& scenario);

// A scripted operation: what was asked, what was answered, what the client now knows.
Row row_of_step(const sim::OperationView& view, const sim::Scenario& scenario, Why& why);

}  // namespace dkv::story
