#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world/world.h"

namespace dkv::viz {

// What one node holds of a key, for itself or as a hint.
struct Holder {
  NodeId node = kNoNode;
  int number = 0;          // among the primaries, from 1; 0: it is none
  NodeId owner = kNoNode;  // of a hint: for whom
  sim::ProcessState process = sim::ProcessState::kUp;
  ObjectPtr object;      // of the process; of the disk while there is none; null: nothing
  bool durable = false;  // the same stands on the disk
  bool differs = false;  // from all states merged, which is what they converge to
};
// The primaries in their order in any case; others when they hold something of it, and hints, each behind its holder.
std::vector<Holder> holders_of(const sim::World& world, const Key& key);

// "n1.3:7": whose disk the actor is, epoch, counter. Of a life that no node has now: the last digits of the actor.
std::string dot_name(const sim::World& world, const Dot& dot);

// The bytes of a sibling, also when they are cold but known from some disk: a dot names one value for ever. Unset for
// tombstones, and where no disk has them.
std::optional<std::string> value_of(const sim::World& world, const Key& key, const Sibling& sibling);

// Keys of the run's clients that have the text in them, those of steps and commands first; at most `most`, of the
// newest 50,000.
std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most);

}  // namespace dkv::viz
