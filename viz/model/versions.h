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
    kRunning,  // no answer yet
    kWritten,  // acknowledged
    kUnknown,  // the client was told that the outcome is unknown
    kRefused,  // certainly not done
  };
  // What became of the version.
  enum class End : std::uint8_t {
    kHeld,       // a node holds it among its siblings
    kHint,       // only hints have it
    kDisk,       // only disks of processes that are down have it
    kNotStored,  // no node has stored it so far
    kReplaced,   // by a version whose writer had seen it
    kDiscarded,  // last-write-wins preferred a version whose writer had not seen it
    kLost,       // its last durable copy was destroyed
    kMemory,     // it never reached a disk, and the memory that had it is gone
    kForgotten,  // it was a tombstone, and was reaped
    kNotKnown,
  };
  WriteTag tag = 0;
  std::string dot;  // the name of its dot; empty until a node has stored it; it stays
  std::string value;
  bool has_value = false;  // the value is known here
  bool tombstone = false;
  Fate fate = Fate::kRunning;
  std::uint32_t session = 0;
  TimeNs started_ns = 0;
  std::vector<NodeId> holders;  // nodes that hold it among their siblings now
  End end = End::kHeld;
  std::string end_words;    // the end with its proof: "discarded by last-write-wins for n2.1:3, on n1 at 4.2s"
  std::uint32_t layer = 0;  // in the drawing; after the layers of all versions that its writer had seen
  std::uint32_t lane = 0;   // within its layer
};
// The writer of `to` had seen `from`, and so replaced it.
const char* end_word(VersionNode::End end) noexcept;  // "discarded"
struct VersionEdge {
  std::uint32_t from = 0;  // index in nodes
  std::uint32_t to = 0;
};
struct VersionGraph {
  std::vector<VersionNode> nodes;  // in the order of their tags
  std::vector<VersionEdge> edges;  // without edges that follow from other edges
  std::uint32_t layers = 0;
  std::uint32_t lanes = 0;
  std::uint64_t left_out = 0;  // number of older writes that are not shown
};

// The newest `most` writes of the key, and which writer had seen which, from the oracle's own history. Without an
// oracle, only the versions that replicas hold now, without edges.
VersionGraph version_graph(const sim::World& world, const Key& key, std::size_t most);

}  // namespace dkv::viz
