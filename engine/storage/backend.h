#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/hlc.h"
#include "engine/core/key.h"
#include "engine/core/merkle.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/ports/disk.h"
#include "engine/ports/storage.h"
#include "engine/storage/store_options.h"

// The promises, answers and events that all storage backends share. The list of backends is in storage.h.
namespace dkv {

// The durable records that a backend still holds after its process has ended.
enum class Kept : std::uint8_t {
  kAll,
  kOlder,    // the last records may be missing: a name may return to an older state
  kNothing,  // every start finds an empty store
};

// Properties of a backend that hosts, oracles and tests read, so that they need not know its name.
struct StorageTraits {
  bool uses_disk = true;         // false: its host needs no disk, and no fault of a disk can strike it
  Kept after_exit = Kept::kAll;  // after a stop or a crash of the process, while its machine goes on
  Kept after_power_loss = Kept::kAll;
  TimeNs tick_every_ns = 0;  // the pace of tick(); 0: no ticks

  // Whether a name may return to a state older than the acknowledged one. A node on such a store can prove nothing
  // about its tombstones.
  bool may_fall_back() const noexcept { return after_exit == Kept::kOlder || after_power_loss == Kept::kOlder; }
};

// The findings of a start.
struct RecoveryReport {
  std::uint64_t segments = 0;
  std::uint64_t snapshots = 0;          // segments that needed no scan
  std::uint64_t snapshots_damaged = 0;  // their segments were scanned instead
  std::uint64_t records = 0;
  std::uint64_t damaged_places = 0;  // in the middle of segments; other replicas must bring their contents again
  std::uint64_t damaged_bytes = 0;
  std::uint64_t torn_bytes = 0;  // after the last whole record of a segment
  Hlc latest_hlc;
  // True when every byte was accounted for. Then no later epoch than the last one in the folder was ever durable.
  bool intact() const noexcept { return damaged_places == 0 && torn_bytes == 0; }
};

// One struct for all backends. A backend leaves the numbers that it does not have at 0.
struct StoreStats {
  std::uint64_t keys = 0;  // objects and hints, tombstones included
  std::uint64_t segments = 0;
  std::uint64_t live_bytes = 0;
  std::uint64_t dead_bytes = 0;
  std::uint64_t index_bytes = 0;  // an estimate: tables and entries
  std::uint64_t cache_bytes = 0;
  std::uint64_t cache_hits = 0, cache_misses = 0;
  std::uint64_t values_bytes = 0, stored_bytes = 0;       // of all values appended: before and after compression
  std::uint64_t dictionaries = 0;                         // registered
  std::uint64_t dictionary_saved_bytes = 0;               // on all values appended
  std::uint64_t appends = 0, flushes = 0;                 // a flush is one write, with its sync if the policy says so
  std::uint64_t merges = 0, merged_bytes = 0;             // segments removed by merges; bytes that these moved
  std::uint64_t merging_segment = 0, merging_offset = 0;  // 0: no merge is under way
  std::uint64_t damaged_values = 0;                       // found since the start
  std::uint64_t reads = 0;                                // values read from the disk
  bool full = false;                                      // the disk has no room for another segment
};

// Ascends over the life of a store; 0: none.
using FetchId = std::uint64_t;

// An object with its values. When they are in memory, they are here and the id is 0; otherwise StoreFetched brings
// them. An id of 0 without an object means that the name is absent.
struct StoreFetch {
  ObjectPtr object;
  FetchId id = 0;
};

struct HintName {
  NodeId owner = kNoNode;  // the primary that the hint is for
  Key key;
  TimeNs created_wall_ns = 0;
};

// Events of a store for its node.
struct StoreRecovered {
  RecoveryReport report;
  std::optional<Identity> identity;  // the last one appended
  // Keys of values that expire, with the time. Some may have been replaced since.
  std::vector<std::pair<TimeNs, Key>> expiring;
};
// All appends up to and including `upto` count as durable.
struct StoreDurable {
  AppendId upto = 0;
};
struct StoreFetched {
  FetchId fetch = 0;
  ObjectPtr object;  // null: damaged, see StoreDamaged
};
// Values cannot be read back. The store has forgotten their versions, as if they had never arrived; other replicas
// must bring them again. seen: the clock that the state had, so that no dot is issued a second time.
struct StoreDamaged {
  NodeId hint_for = kNoNode;  // of a hint; kNoNode: of an object
  Key key;
  VersionVector seen;
};
// Nothing is acknowledged any more. The process must start again and read the actual state of the disk.
struct StoreFailed {
  std::string what;
};
using StoreEvent = std::variant<StoreRecovered, StoreDurable, StoreFetched, StoreDamaged, StoreFailed>;

// A key and its new object, which is not null.
using ObjectPut = std::pair<Key, ObjectPtr>;

// The lists to which a backend adds its disk requests and its events.
struct StoreOut {
  std::vector<DiskRequest>& disk;
  std::vector<StoreEvent>& events;
};

// The calls that each backend answers; Storage says what they mean. A backend is a copyable value without threads,
// clocks or pointers into other parts.
template <typename B>
concept StoreBackend =
    std::copy_constructible<B> &&
    requires(B store, const B& held, const Record& record, const Key& key, NodeId owner, PartitionId partition,
             std::uint64_t number, TimeNs now_ns, std::span<const ObjectPut> puts, DiskDone done, StoreOut out) {
      { B::traits(held.options()) } -> std::same_as<StorageTraits>;
      store.start(out);
      store.handle(std::move(done), out);
      store.at(now_ns);
      store.tick(now_ns, out);
      store.flush(out);
      { held.held_until_ns() } -> std::same_as<TimeNs>;
      { held.open() } -> std::same_as<bool>;
      { store.put(record) } -> std::same_as<AppendId>;
      { store.put_all(puts) } -> std::same_as<AppendId>;
      { held.last_append() } -> std::same_as<AppendId>;
      { held.room(number) } -> std::same_as<Room>;
      { held.find(key) } -> std::convertible_to<ObjectPtr>;
      { held.peek(key) } -> std::convertible_to<ObjectPtr>;
      { held.find_hint(owner, key) } -> std::convertible_to<ObjectPtr>;
      { held.identity() } -> std::same_as<std::optional<Identity>>;
      { store.fetch(key, out) } -> std::same_as<StoreFetch>;
      { store.fetch_hint(owner, key, out) } -> std::same_as<StoreFetch>;
      { held.tree(partition) } -> std::same_as<const MerkleTree&>;
      { held.keys(partition, number) } -> std::same_as<std::vector<Key>>;
      { held.object_keys() } -> std::same_as<std::vector<Key>>;
      { held.object_count() } -> std::same_as<std::uint64_t>;
      { held.hints() } -> std::same_as<std::vector<HintName>>;
      { held.stats() } -> std::same_as<StoreStats>;
    };

}  // namespace dkv
