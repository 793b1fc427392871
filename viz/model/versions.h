#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world/world.h"
#include "viz/model/records.h"

namespace dkv::viz {

// One write of a key, as a version in its history.
struct VersionNode {
  enum class Fate : std::uint8_t {
    kRunning,  // nobody has answered yet
    kWritten,  // acknowledged
    kUnknown,  // the client was told that it may or may not be there
    kRefused,  // certainly not done
  };
  WriteTag tag = 0;
  std::string dot;  // its name; empty until a node has stored it
  std::string value;
  bool has_value = false;  // known here
  bool tombstone = false;
  Fate fate = Fate::kRunning;
  std::uint32_t session = 0;
  TimeNs started_ns = 0;
  std::vector<NodeId> holders;  // whose replicas have it among their siblings now
  std::uint32_t layer = 0;      // behind all that it has seen: where it is drawn
  std::uint32_t lane = 0;       // within its layer
};
// The writer of `to` had seen `from`, and so replaced it.
struct VersionEdge {
  std::uint32_t from = 0;  // index in nodes
  std::uint32_t to = 0;
};
struct VersionGraph {
  std::vector<VersionNode> nodes;  // in the order of their tags
  std::vector<VersionEdge> edges;  // none that follows from others
  std::uint32_t layers = 0;
  std::uint32_t lanes = 0;
  std::uint64_t left_out = 0;  // older writes
};

// The key's newest `most` writes, and who had seen whom, from the oracle's own history. Without an oracle only what the
// replicas hold now, with no edges.
VersionGraph version_graph(const sim::World& world, const Key& key, std::size_t most);

}  // namespace dkv::viz
