#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/merkle.h"
#include "engine/core/object.h"
#include "engine/core/placement.h"
#include "engine/core/types.h"
#include "engine/protocol/client.h"
#include "engine/protocol/fields.h"

namespace dkv {

// Each message has a name and one list of its fields, in the order of the wire. The frames, the fingerprint of a run,
// the traces and the tests follow from that list: see engine/protocol/fields.h.

// Limits that a decoder checks before it allocates.
inline constexpr std::size_t kFrameBytesMax = 128u << 20;
inline constexpr std::uint32_t kAntiEntropyPartitionsMax = kReplicasMax * 65536u;
inline constexpr std::uint32_t kAntiEntropyKeysMax = 4096;
inline constexpr std::uint32_t kAntiEntropyObjectsMax = 512;
inline constexpr std::uint32_t kReapEntriesMax = 1024;
// A question or command about clocks ends with the entry that exceeds this many dots.
inline constexpr std::size_t kReapDotsMax = 16'384;

// Limits how late a state may arrive. A node drops a state that is meant for another of its lives, or whose era has
// passed at the node. So no old state arrives after the proof that it is gone.
struct Stamp {
  Incarnation to_incarnation = 0;  // the life of the receiver, as the sender has heard it
  Era era = 0;                     // the age of the content; see engine/node/eras.h

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = Stamp;
    return visit("to_incarnation", &M::to_incarnation, field::Varint{}) && visit("era", &M::era, field::Varint{});
  }
};

// A key, and the digest of one state of it.
struct KeyDigest {
  Key key;
  std::uint64_t digest = 0;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = KeyDigest;
    return visit("key", &M::key) && visit("digest", &M::digest, field::Fixed{});
  }
};

// The reason why a copy is sent to a replica.
enum class CopyReason : std::uint8_t { kWrite, kHint, kHintDelivery, kReadRepair, kAntiEntropy };

// A copy that the receiver merges into its state and stores. hint_for names the primary for which the receiver stands
// in (kHint only). With op kNoOp, no acknowledgement is wanted.
struct ReplicaPut {
  static constexpr const char* kName = "ReplicaPut";
  OpId op = kNoOp;
  CopyReason reason = CopyReason::kWrite;
  NodeId hint_for = kNoNode;
  Key key;
  ObjectPtr object;  // never null
  Stamp stamp;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReplicaPut;
    return visit("op", &M::op, field::Fixed{}) && visit("reason", &M::reason, field::UpTo{CopyReason::kAntiEntropy}) &&
           visit("hint_for", &M::hint_for, field::NodeWhen{&M::reason, CopyReason::kHint, "a hint names no node"}) &&
           visit("key", &M::key) && visit("object", &M::object, field::Present{}) && visit("stamp", &M::stamp);
  }
};

// Sent only after the state is durable, or when the replica cannot store it (stored = false).
struct ReplicaPutAck {
  static constexpr const char* kName = "ReplicaPutAck";
  OpId op = kNoOp;
  bool stored = false;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReplicaPutAck;
    return visit("op", &M::op, field::Fixed{}) && visit("stored", &M::stored);
  }
};

struct ReplicaGet {
  static constexpr const char* kName = "ReplicaGet";
  OpId op = kNoOp;
  Key key;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReplicaGet;
    return visit("op", &M::op, field::Fixed{}) && visit("key", &M::key);
  }
};

// object null: not found. A fallback answers with the hints that it holds for the key.
struct ReplicaGetReply {
  static constexpr const char* kName = "ReplicaGetReply";
  OpId op = kNoOp;
  ObjectPtr object;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReplicaGetReply;
    return visit("op", &M::op, field::Fixed{}) && visit("object", &M::object, field::Nullable{});
  }
};

// A node that is not a replica of the key sends the whole operation to one that is. A network may deliver this message
// twice, and a second mint would make a second version. So the receiver accepts each op of each life of the forwarder
// once, and only when the message is meant for its present life.
struct Forward {
  static constexpr const char* kName = "Forward";
  OpId op = kNoOp;                   // at the forwarder
  Incarnation from_incarnation = 0;  // the forwarder's life that issued op
  Incarnation to_incarnation = 0;    // the life of the receiver that is meant
  ClientRequest request;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = Forward;
    return visit("op", &M::op, field::Fixed{}) && visit("from_incarnation", &M::from_incarnation, field::Varint{}) &&
           visit("to_incarnation", &M::to_incarnation, field::Varint{}) && visit("request", &M::request);
  }
};

struct ForwardReply {
  static constexpr const char* kName = "ForwardReply";
  OpId op = kNoOp;
  ClientReply reply;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ForwardReply;
    return visit("op", &M::op, field::Fixed{}) && visit("reply", &M::reply);
  }
};

// Sent to every member on a timer. hears_you: the sender has heard the receiver within its time-out. So a node learns
// whether both directions of the link work.
struct Heartbeat {
  static constexpr const char* kName = "Heartbeat";
  Incarnation incarnation = 0;
  bool hears_you = false;
  Era era = 0;                     // the latest that the sender knows of
  Era settled = 0;                 // the latest that the sender has settled into
  Incarnation to_incarnation = 0;  // the life of the receiver, as the sender has heard it; 0: not heard yet
  TimeNs wall_ns = 0;              // the sender's own wall clock
  std::uint64_t damages = 0;  // how often the sender has lost versions in this life, because it could not read them

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = Heartbeat;
    return visit("incarnation", &M::incarnation, field::Varint{}) && visit("hears_you", &M::hears_you) &&
           visit("era", &M::era, field::Varint{}) && visit("settled", &M::settled, field::Varint{}) &&
           visit("to_incarnation", &M::to_incarnation, field::Varint{}) &&
           visit("wall_ns", &M::wall_ns, field::Fixed{}) && visit("damages", &M::damages, field::Varint{});
  }
};

// Anti-entropy, step 1: the roots of all partitions that both nodes hold and that are not empty at the sender.
struct AntiEntropyRoots {
  static constexpr const char* kName = "AntiEntropyRoots";
  struct Root {
    PartitionId partition = 0;
    std::uint64_t hash = 0;

    template <class Visit>
    static constexpr bool fields(Visit&& visit) {
      using M = Root;
      return visit("partition", &M::partition, field::Varint{0, kPartitionsMax - 1}) &&
             visit("hash", &M::hash, field::Fixed{});
    }
  };
  std::vector<Root> roots;  // ascending by partition

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = AntiEntropyRoots;
    return visit("roots", &M::roots, field::Ascending{kAntiEntropyPartitionsMax, &Root::partition, "partition"});
  }
};

// Step 2, the answer: the leaves of the partitions whose roots differ, as they are at the sender of this message.
struct AntiEntropyLeaves {
  static constexpr const char* kName = "AntiEntropyLeaves";
  struct Leaves {
    PartitionId partition = 0;
    std::vector<std::uint64_t> hashes;  // MerkleTree::kLeaves of them

    template <class Visit>
    static constexpr bool fields(Visit&& visit) {
      using M = Leaves;
      return visit("partition", &M::partition, field::Varint{0, kPartitionsMax - 1}) &&
             visit("hashes", &M::hashes, field::Hashes{MerkleTree::kLeaves});
    }
  };
  std::vector<Leaves> partitions;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = AntiEntropyLeaves;
    return visit("partitions", &M::partitions, field::List{kAntiEntropyPartitionsMax});
  }
};

// Step 3: the keys of the sender in the leaves that differ. If they are too many for one message, it lists only the
// keys between two hashes, and another round lists another part.
struct AntiEntropyKeys {
  static constexpr const char* kName = "AntiEntropyKeys";
  PartitionId partition = 0;
  std::uint64_t leaf_mask = 0;  // bit i: leaf i is listed, and in it every key with first_hash <= hash <= last_hash
  std::uint64_t first_hash = 0;
  std::uint64_t last_hash = ~std::uint64_t{0};
  std::vector<KeyDigest> entries;  // ascending by key

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = AntiEntropyKeys;
    return visit("partition", &M::partition, field::Varint{0, kPartitionsMax - 1}) &&
           visit("leaf_mask", &M::leaf_mask, field::Fixed{}) && visit("first_hash", &M::first_hash, field::Fixed{}) &&
           visit("last_hash", &M::last_hash, field::Fixed{}) &&
           visit("entries", &M::entries, field::Ascending{kAntiEntropyKeysMax, &KeyDigest::key, "key"});
  }
};

// Step 4: the objects that the other side does not have or holds in a different state, and the keys whose objects the
// sender wants. `wanted` is answered by an AntiEntropyObjects that wants nothing.
struct AntiEntropyObjects {
  static constexpr const char* kName = "AntiEntropyObjects";
  struct Entry {
    Key key;
    ObjectPtr object;  // never null

    template <class Visit>
    static constexpr bool fields(Visit&& visit) {
      using M = Entry;
      return visit("key", &M::key) && visit("object", &M::object, field::Present{});
    }
  };
  std::vector<Entry> objects;
  std::vector<Key> wanted;
  Stamp stamp;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = AntiEntropyObjects;
    return visit("objects", &M::objects, field::List{kAntiEntropyObjectsMax}) &&
           visit("wanted", &M::wanted, field::List{kAntiEntropyKeysMax}) && visit("stamp", &M::stamp);
  }
};

// Part of the proofs: an actor, as it stands on the wire.
struct ActorField {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint32_t epoch = 0;

  static ActorField of(const Actor& actor) { return {actor.id.high, actor.id.low, actor.epoch}; }
  Actor actor() const noexcept { return {{high, low}, epoch}; }
  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ActorField;
    return visit("high", &M::high, field::Fixed{}) && visit("low", &M::low, field::Fixed{}) &&
           visit("epoch", &M::epoch, field::Varint{});
  }
};

// Reaping, step 1, from the first primary of a key to the others: do you hold these states? An entry with an empty
// clock asks for exactly the state of this digest. With a clock, a successor of the state will do, too: a state that
// has seen all of `seen`, and carries no dot of it that is not in `carried`.
struct ReapAsk {
  static constexpr const char* kName = "ReapAsk";
  struct Entry {
    Key key;
    std::uint64_t digest = 0;
    VersionVector seen;
    VersionVector carried;  // the dots of the state's siblings

    template <class Visit>
    static constexpr bool fields(Visit&& visit) {
      using M = Entry;
      return visit("key", &M::key) && visit("digest", &M::digest, field::Fixed{}) && visit("seen", &M::seen) &&
             visit("carried", &M::carried);
    }
  };
  Incarnation from_incarnation = 0;
  std::vector<Entry> entries;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReapAsk;
    return visit("from_incarnation", &M::from_incarnation, field::Varint{}) &&
           visit("entries", &M::entries, field::List{kReapEntriesMax});
  }
};

// Step 2, the answer: the entries of the question that the sender holds, and that are durable there.
struct ReapHeld {
  static constexpr const char* kName = "ReapHeld";
  Incarnation from_incarnation = 0;
  Incarnation to_incarnation = 0;  // the life that asked
  std::uint64_t damages = 0;       // of the sender in this life, see Heartbeat
  ActorField actor;                // the sender's; it mints under no earlier one any more
  std::vector<KeyDigest> entries;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReapHeld;
    return visit("from_incarnation", &M::from_incarnation, field::Varint{}) &&
           visit("to_incarnation", &M::to_incarnation, field::Varint{}) &&
           visit("damages", &M::damages, field::Varint{}) && visit("actor", &M::actor) &&
           visit("entries", &M::entries, field::List{kReapEntriesMax});
  }
};

// Step 3: nothing older than these states is left anywhere. With an empty clock: a replica that still holds exactly the
// tombstone of this digest forgets it. With a clock: nothing carries one of these dots, and their actors mint no more,
// so a replica drops them from the clock of the key.
struct ReapForget {
  static constexpr const char* kName = "ReapForget";
  struct Entry {
    Key key;
    std::uint64_t digest = 0;
    VersionVector gone;

    template <class Visit>
    static constexpr bool fields(Visit&& visit) {
      using M = Entry;
      return visit("key", &M::key) && visit("digest", &M::digest, field::Fixed{}) && visit("gone", &M::gone);
    }
  };
  Incarnation to_incarnation = 0;
  std::vector<Entry> entries;

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = ReapForget;
    return visit("to_incarnation", &M::to_incarnation, field::Varint{}) &&
           visit("entries", &M::entries, field::List{kReapEntriesMax});
  }
};

// The answer to a heartbeat from a life that is older than the latest life that was heard of the same node.
struct LaterLife {
  static constexpr const char* kName = "LaterLife";
  Incarnation to_incarnation = 0;  // the life that the heartbeat named
  Incarnation later = 0;           // the later life that was heard before

  template <class Visit>
  static constexpr bool fields(Visit&& visit) {
    using M = LaterLife;
    return visit("to_incarnation", &M::to_incarnation, field::Varint{}) && visit("later", &M::later, field::Varint{});
  }
};

// The kind of a message on the wire is its index here, counted from 1. A new message is added at the end.
using Message = std::variant<ReplicaPut, ReplicaPutAck, ReplicaGet, ReplicaGetReply, Forward, ForwardReply, Heartbeat,
                             AntiEntropyRoots, AntiEntropyLeaves, AntiEntropyKeys, AntiEntropyObjects, ReapAsk,
                             ReapHeld, ReapForget, LaterLife>;

// Like std::visit, written as one switch. For more than 11 alternatives libstdc++ uses a table of functions, which
// makes a simulated event 11 % slower.
template <class Visit, class AnyMessage>
decltype(auto) visit_message(Visit&& visit, AnyMessage&& message) {
  constexpr std::size_t kKinds = std::variant_size_v<Message>;
  static_assert(kKinds <= 16, "a further message needs a further case");
  const auto call = [&]<std::size_t kIndex>(std::index_sequence<kIndex>) -> decltype(auto) {
    return visit(*std::get_if<(kIndex < kKinds ? kIndex : 0)>(&message));
  };
  switch (message.index()) {
    case 0: return call(std::index_sequence<0>());
    case 1: return call(std::index_sequence<1>());
    case 2: return call(std::index_sequence<2>());
    case 3: return call(std::index_sequence<3>());
    case 4: return call(std::index_sequence<4>());
    case 5: return call(std::index_sequence<5>());
    case 6: return call(std::index_sequence<6>());
    case 7: return call(std::index_sequence<7>());
    case 8: return call(std::index_sequence<8>());
    case 9: return call(std::index_sequence<9>());
    case 10: return call(std::index_sequence<10>());
    case 11: return call(std::index_sequence<11>());
    case 12: return call(std::index_sequence<12>());
    case 13: return call(std::index_sequence<13>());
    case 14: return call(std::index_sequence<14>());
    case 15: return call(std::index_sequence<15>());
  }
  __builtin_unreachable();  // no alternative throws while it is moved, so the variant is never valueless
}

// The name of a message, for traces and errors.
inline const char* message_name(const Message& message) noexcept {
  return visit_message([]<class M>(const M&) { return M::kName; }, message);
}

}  // namespace dkv
