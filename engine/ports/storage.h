#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv {

// The contents of a store: one key space for each kind of record.
enum class KeySpace : std::uint8_t {
  kObjects,       // key -> object; owner is unused
  kHints,         // (owner = the primary that the hint is for, key) -> object
  kIdentity,      // one record: Identity
  kDictionaries,  // used by the log itself, never in a Record: owner = the dictionary's id
};

// One durable fact. A later record of the same (space, owner, key) replaces an earlier one.
// The last epoch that the node began on its disk.
struct Identity {
  Actor actor;
  bool incomplete = false;  // the disk has lost states that other replicas may hold, see engine/node/completeness.h

  friend bool operator==(const Identity&, const Identity&) = default;
};

struct Record {
  KeySpace space = KeySpace::kObjects;
  NodeId owner = kNoNode;
  Key key;
  ObjectPtr object;            // null: the entry is erased (objects and hints)
  Identity identity;           // kIdentity
  TimeNs created_wall_ns = 0;  // kHints: when the hint was first stored, for its time to live
};

// Numbers the appends of a store, ascending over one life of its node. The store may use some numbers for internal
// records. 0: none.
using AppendId = std::uint64_t;

}  // namespace dkv
