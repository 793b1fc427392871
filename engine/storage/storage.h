#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/ports/outbox.h"
#include "engine/storage/backend.h"
#include "engine/storage/log_store.h"
#include "engine/storage/memory_store.h"
#include "engine/storage/store_options.h"

namespace dkv {

// The one list of backends: the enumerator, its word, and its alternative of AnyBackend. To add a backend, extend all
// three, and make_backend() in storage.cpp.
enum class StorageBackend : std::uint8_t { kLog, kMemory };
struct StorageBackendName {
  StorageBackend backend;
  std::string_view word;
};
inline constexpr std::array kStorageBackends = {
    StorageBackendName{StorageBackend::kLog, "log"},        // log-structured, on a disk
    StorageBackendName{StorageBackend::kMemory, "memory"},  // in the process, for caches and tests
};
using AnyBackend = std::variant<LogStore, MemoryStore>;
static_assert(StoreBackend<LogStore> && StoreBackend<MemoryStore>);

std::string_view storage_backend_name(StorageBackend backend) noexcept;
// Nothing when no backend has this word.
std::optional<StorageBackend> storage_backend_of(std::string_view word) noexcept;

struct StorageOptions : StoreOptions {
  StorageBackend backend = StorageBackend::kLog;
};
// The traits of a store with these options.
StorageTraits storage_traits(const StorageOptions& options) noexcept;

// The storage of one node. All code outside engine/storage uses a backend through this class. Clocks are available at
// once (find, tree, keys); values may need a disk access (fetch). Disk requests go into the outbox of the turn.
// Events wait for next_event() in the same turn. Copyable; not thread-safe.
class Storage {
 public:
  // options must pass their check().
  explicit Storage(const StorageOptions& options);
  // partitions and hash_salt override those of the options.
  Storage(const StorageOptions& options, std::uint32_t partitions, std::uint64_t hash_salt);
  // An empty, unstarted store with the options of `other`, as a new process on the same disk begins.
  static Storage fresh(const Storage& other) { return Storage(other.options_); }

  // --- A turn. The first call is start(); it is answered by StoreRecovered or StoreFailed.
  void begin_turn(TimeNs now_ns);  // any clock that only goes forward
  void start(Outbox& out);
  void handle(DiskDone&& done, Outbox& out);
  void tick(TimeNs now_ns, Outbox& out);
  // Gives the appends of the turn to the disk. This may cause events, and handling those may append more. So repeat
  // end_turn() and next_event() until there is no event.
  void end_turn(Outbox& out);
  bool has_event() const noexcept { return taken_ < events_.size(); }
  // Takes the oldest event; nothing when there is none.
  std::optional<StoreEvent> next_event();
  // The latest time at which end_turn() must be called again, because appends wait for others; 0: none wait.
  TimeNs held_until_ns() const noexcept;
  // True from StoreRecovered until StoreFailed. All functions below require it, except room(), stats() and
  // options().
  bool open() const noexcept;

  // --- Contents.
  // Null when the name is absent. Values may be cold.
  ObjectPtr find(const Key& key) const;
  // The same for observers: it leaves no trace in the store, while find() counts as a use of the cache.
  ObjectPtr peek(const Key& key) const;
  ObjectPtr find_hint(NodeId owner, const Key& key) const;
  std::optional<Identity> identity() const;
  StoreFetch fetch(const Key& key, Outbox& out);
  StoreFetch fetch_hint(NodeId owner, const Key& key, Outbox& out);
  // The Merkle tree of the partition's objects, tombstones included.
  const MerkleTree& tree(PartitionId partition) const;
  // The partition's keys in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;
  std::vector<Key> object_keys() const;      // all, ascending
  std::uint64_t key_count() const noexcept;  // of objects, tombstones included
  std::vector<HintName> hints() const;       // ascending by owner and key

  // --- Changes.
  // Sets or erases the entry that the record names; not for kDictionaries. The values of an object are resident, or
  // cold and stored under the same dot. Ids ascend.
  AppendId put(const Record& record);
  // Puts objects in order and returns the last id. A log does this faster than one by one.
  AppendId put_all(std::span<const ObjectPut> puts);
  // The latest id. A store may use some ids for its internal records.
  AppendId last_append() const noexcept;
  // Whether a write with values of about this many bytes finds room. 0: it only removes values. For that some space is
  // kept, because a delete is the way to get space back.
  Room room(std::uint64_t value_bytes) const noexcept;
  bool accepts(std::uint64_t value_bytes) const noexcept { return room(value_bytes) == Room::kEnough; }

  StorageTraits traits() const noexcept { return storage_traits(options_); }
  StoreStats stats() const;
  const StorageOptions& options() const noexcept { return options_; }

 private:
  StoreOut to(Outbox& out) noexcept { return {out.disk_requests(), events_}; }

  StorageOptions options_;
  AnyBackend backend_;
  std::vector<StoreEvent> events_;  // empty between turns
  std::size_t taken_ = 0;           // how many of events_ were taken
  AppendId durable_ = 0;            // as announced by StoreDurable
};

}  // namespace dkv
