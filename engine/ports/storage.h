#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv {

// What a node keeps on its disk, each key space apart from the others.
enum class KeySpace : std::uint8_t {
  kObjects,       // key -> object; owner is unused
  kHints,         // (owner = the primary that the hint is for, key) -> object
  kIdentity,      // one record: actor and epoch
  kDictionaries,  // the log's own, never in a Record: owner = the dictionary's id
};

// One durable fact. A later record of the same (space, owner, key) replaces an earlier one.
struct Record {
  KeySpace space = KeySpace::kObjects;
  NodeId owner = kNoNode;
  Key key;
  ObjectPtr object;            // null: the entry is erased (objects and hints)
  Actor actor;                 // kIdentity
  TimeNs created_wall_ns = 0;  // kHints: when the hint was first stored, for its time to live
};

// Appends are numbered by the node, ascending by one over its life in one incarnation.
using AppendId = std::uint64_t;

}  // namespace dkv
