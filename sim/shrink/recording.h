#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/shrink/target.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// What one run of a scenario shows to the passes that need to know more than its file says.
struct Recording {
  // One operation of a client: a step that does the same, and which write it was.
  struct Operation {
    Step step;
    WriteTag tag = 0;    // writes
    bool blind = false;  // writes: it had seen nothing of its key
    std::uint64_t session = 0;
  };
  std::vector<Operation> operations;                 // by when they began
  std::vector<std::pair<Command, TimeNs>> commands;  // carried out, and when
  std::vector<Failure> failures;
  TimeNs failed_at_ns = -1;  // when the wanted violation or abort came before the heal; -1: not then
};
// Plays until the wanted violation is told, or until the event before the wanted abort; else to the end.
Recording record_run(const Scenario& scenario, const Target& target);

}  // namespace dkv::sim
