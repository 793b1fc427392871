#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/protocol/client.h"

namespace dkv {

// Limits that a decoder checks before it allocates.
inline constexpr std::size_t kFrameBytesMax = 64u << 20;
inline constexpr std::uint32_t kAntiEntropyPartitionsMax = kReplicasMax * 65536u;
inline constexpr std::uint32_t kAntiEntropyKeysMax = 4096;
inline constexpr std::uint32_t kAntiEntropyObjectsMax = 512;
inline constexpr std::uint32_t kTombstonesMax = 1024;

// On what carries states of objects: how late it may come. One that is meant for another life of the receiver, or whose
// era has passed there, is dropped, so that no state outlives the proof that it is gone.
struct Stamp {
  Incarnation to_incarnation = 0;  // as the sender has heard of it
  Era era = 0;                     // how old the content may be; see engine/node/eras.h
};

// Why a copy is sent to a replica.
enum class CopyReason : std::uint8_t { kWrite, kHint, kHintDelivery, kReadRepair, kAntiEntropy };

// Store this state, merged with what is there. hint_for names the primary that the receiver stands in for (kHint only).
// op kNoOp: no answer wanted.
struct ReplicaPut {
  OpId op = kNoOp;
  CopyReason reason = CopyReason::kWrite;
  NodeId hint_for = kNoNode;
  Key key;
  ObjectPtr object;  // never null
  Stamp stamp;
};

// Leaves only after the state is durable, or when the replica can't store it (stored = false).
struct ReplicaPutAck {
  OpId op = kNoOp;
  bool stored = false;
};

struct ReplicaGet {
  OpId op = kNoOp;
  Key key;
};

// object null: not found. A fallback answers with what it holds as hints for the key.
struct ReplicaGetReply {
  OpId op = kNoOp;
  ObjectPtr object;
};

// A coordinator that is not a replica of the key hands the whole operation to one that is.
// A network may deliver it twice, and a second mint would make a second version: the receiver takes each op of each
// life of the forwarder once, and takes nothing that was meant for another life than its own.
struct Forward {
  OpId op = kNoOp;                   // at the forwarder
  Incarnation from_incarnation = 0;  // the forwarder's life that issued op
  Incarnation to_incarnation = 0;    // the receiver's life that is meant
  ClientRequest request;
};

struct ForwardReply {
  OpId op = kNoOp;
  ClientReply reply;
};

// Sent to every member on a timer. hears_you: the sender has heard the receiver within its time-out, so that both
// directions of the link are known to work.
struct Heartbeat {
  Incarnation incarnation = 0;
  bool hears_you = false;
  Era era = 0;                     // the latest that the sender knows of
  Era settled = 0;                 // the latest that the sender has settled into
  Incarnation to_incarnation = 0;  // the receiver's life as the sender has heard of it; 0: not yet
};

// Anti-entropy, step 1: the roots of all partitions that both hold and that are not empty at the sender.
struct AntiEntropyRoots {
  struct Root {
    PartitionId partition = 0;
    std::uint64_t hash = 0;
  };
  std::vector<Root> roots;  // ascending by partition
};

// Step 2, the answer: the leaves of partitions whose roots differ (the sender of the leaves holds these).
struct AntiEntropyLeaves {
  struct Leaves {
    PartitionId partition = 0;
    std::vector<std::uint64_t> hashes;  // MerkleTree::kLeaves of them
  };
  std::vector<Leaves> partitions;
};

// Step 3: what the sender holds in the leaves that differ. When that is too much for one message, only the part of it
// between two hashes; another round lists another part.
struct AntiEntropyKeys {
  struct Entry {
    Key key;
    std::uint64_t digest = 0;
  };
  PartitionId partition = 0;
  std::uint64_t leaf_mask = 0;  // bit i: leaf i is listed, and in it every key with first_hash <= hash <= last_hash
  std::uint64_t first_hash = 0;
  std::uint64_t last_hash = ~std::uint64_t{0};
  std::vector<Entry> entries;  // ascending by key
};

// Step 4: the objects that the other side lacks or holds differently, and the keys whose objects are wanted back.
// The answer to `wanted` is a AntiEntropyObjects with no wants.
struct AntiEntropyObjects {
  struct Entry {
    Key key;
    ObjectPtr object;  // never null
  };
  std::vector<Entry> objects;
  std::vector<Key> wanted;
  Stamp stamp;
};

// A key and the digest of the state that is meant.
struct TombstoneEntry {
  Key key;
  std::uint64_t digest = 0;
};

// Reaping, step 1, from a key's first primary to the others: do you hold these tombstones, exactly so?
struct TombstonesAsk {
  Incarnation from_incarnation = 0;
  std::vector<TombstoneEntry> entries;
};

// Step 2, the answer: those of them that the sender holds, durably.
struct TombstonesHeld {
  Incarnation from_incarnation = 0;
  Incarnation to_incarnation = 0;  // whose question it was
  std::vector<TombstoneEntry> entries;
};

// Step 3: nothing older than these is left anywhere. Who still holds exactly this forgets it.
struct TombstonesReap {
  Incarnation to_incarnation = 0;
  std::vector<TombstoneEntry> entries;
};

using Message = std::variant<ReplicaPut, ReplicaPutAck, ReplicaGet, ReplicaGetReply, Forward, ForwardReply, Heartbeat,
                             AntiEntropyRoots, AntiEntropyLeaves, AntiEntropyKeys, AntiEntropyObjects, TombstonesAsk,
                             TombstonesHeld, TombstonesReap>;

// The alternatives' names, in their order in Message; for traces and errors.
const char* message_name(const Message& message) noexcept;

}  // namespace dkv
