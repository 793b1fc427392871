#pragma once

#include <string>
#include <vector>

#include "viz/views/desk.h"

// The parts of the key panel.
namespace dkv::viz {

// Who holds something of a key: its primaries in their order in any case, others when they do, hints included.
struct Holder {
  NodeId node = kNoNode;
  std::string role;  // "primary 1", "fallback", "for n3" (a hint)
  sim::ProcessState process = sim::ProcessState::kUp;
  ObjectPtr object;  // of the process; of the disk while there is none; null: nothing
  bool durable = false;
};
std::vector<Holder> holders_of(const sim::World& world, const Key& key);

// How the key's versions came about: who replaced what.
void draw_history(Desk& desk, const Key& key);

}  // namespace dkv::viz
