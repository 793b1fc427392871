// One event of a run in words, with all that follows from it at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/ports/observation.h"
#include "sim/scenario/scenario.h"
#include "sim/watch/event_kind.h"
#include "sim/watch/observer.h"
#include "sim/world/world.h"

namespace dkv::story {

struct EventAccount {
  std::uint64_t number = 0;  // of the event, from 1
  TimeNs at_ns = 0;
  sim::EventKind kind = sim::EventKind::kPoll;
  NodeId node = kNoNode;          // where it happens; kNoNode: at none
  std::string key;                // that its message or request is about; may be empty
  std::string what;               // "n3 gets a copy of "cart" from n1, sent at 4.200s"
  std::vector<std::string> then;  // in order: "n3 sends an acknowledgement to n1"
  std::vector<std::string> on;    // the faults that are on afterwards: "network: is split: n1 | n2, n3, for 5 s"
};

// Plays the next event of the world, which must not have ended, and tells it.
EventAccount tell_next_event(sim::World& world);

// An observation of a node in words: "keeps a hint for n2: "cart"".
std::string observed_words(const Observation& observation, const sim::Scenario& scenario);
const char* change_words(sim::NodeChange change) noexcept;  // "crashes"

}  // namespace dkv::story
