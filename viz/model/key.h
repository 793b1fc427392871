#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world/world.h"

namespace dkv::viz {

// A node's state of a key, of its own or as a hint.
struct Holder {
  NodeId node = kNoNode;
  int number = 0;          // its number among the primaries, from 1; 0: it is not a primary
  NodeId owner = kNoNode;  // of a hint: the primary that it is for
  sim::ProcessState process = sim::ProcessState::kUp;
  ObjectPtr object;      // in the process, or on the disk while the process is down; null: nothing
  bool durable = false;  // the same state is on the disk
  bool differs = false;  // from the merge of all states, to which they converge
};
// All primaries in order, then other nodes with a state of the key. Hints come after their holders.
std::vector<Holder> holders_of(const sim::World& world, const Key& key);

// "n1.3:7": the node whose disk is the actor, the epoch, the counter. For an actor that is on no disk now, the last
// digits of its id.
std::string dot_name(const sim::World& world, const Dot& dot);

// The bytes of a sibling. If they are cold, any disk with this dot may supply them, because a dot always names the
// same value. Not set for tombstones, and when no disk has them.
std::optional<std::string> value_of(const sim::World& world, const Key& key, const Sibling& sibling);

// Keys of the run's clients that contain the text, those of steps and commands first. At most `most`, from the newest
// 50,000.
std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most);

}  // namespace dkv::viz
