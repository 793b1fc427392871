#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world.h"
#include "viz/model/ring.h"

namespace dkv::viz {

// One sibling, or one entry of a clock.
struct DotView {
  Dot dot;
  NodeId node = kNoNode;  // whose disk the actor is; kNoNode: of a life that no node has now
  std::string text;       // "n1.3:7": node, epoch, counter; without a node the first digits of the actor
};
struct VersionView {
  DotView dot;
  Hlc hlc;
  WriteTag tag = 0;
  bool tombstone = false;
  TimeNs expires_wall_ns = 0;        // 0: never
  std::uint64_t bytes = 0;           // of the value
  std::optional<std::string> value;  // unset: it stands on disks only, and no image of one has it
};
struct StateView {
  std::uint64_t digest = 0;
  std::vector<VersionView> versions;  // ascending by dot
  std::vector<DotView> seen;          // entries of the clock: all up to the counter
  std::vector<DotView> isolated;      // single dots beyond a gap
  bool deleted = false;
};
struct HeldHint {
  NodeId owner = kNoNode;
  StateView state;
  bool durable = false;
};

// What one node holds of a key.
struct ReplicaView {
  NodeId node = kNoNode;
  bool primary = false;
  sim::ProcessState process = sim::ProcessState::kUp;
  std::optional<StateView> visible;  // what its process answers with; unset: nothing, or it is down
  std::optional<StateView> durable;  // what a power loss would leave
  std::vector<HeldHint> hints;       // of this key, for others
};
struct KeyView {
  Key key;
  KeyPlace place;
  std::vector<ReplicaView> replicas;  // the primaries in their order, then others that hold something of it
  bool agree = true;                  // all primaries that are up hold the same
};
KeyView look_at_key(const sim::World& world, const Key& key);

// The first `most` keys of the run's clients that have the text in them; short ones first, then by their bytes.
std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most);

}  // namespace dkv::viz
