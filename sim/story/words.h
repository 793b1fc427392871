// The words of a story: texts for faults, reasons and the cast.
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

// Explains each topic once, because the reason is worth reading only the first time.
class Why {
 public:
  // " — because" the first time; empty afterwards.
  std::string operator()(std::string_view topic, std::string_view because) {
    return told_.emplace(topic).second ? " — " + std::string(because) : std::string();
  }

 private:
  std::set<std::string, std::less<>> told_;
};

struct FaultWords {
  std::string who;     // "network", or the nodes that are hit
  std::string begins;  // "is split: n1 | n2 and n3, for 5 s"
  std::string ends;
  std::string_view why;  // why it matters
};
FaultWords words_of(const sim::Fault& fault, const sim::Scenario& scenario);

// A scripted operation: the request, the answer, and what the client knows afterwards. nothing: the words for an answer
// without versions.
Row row_of_step(const sim::OperationView& view, const sim::Scenario& scenario, std::string_view nothing, Why& why);

}  // namespace dkv::story
