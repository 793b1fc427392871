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

// The list of backends, in one place: the enumerator, its word, and the alternative of AnyBackend. To add a backend,
// extend the three, and make_backend() in storage.cpp.
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
// none: no backend has this word.
std::optional<StorageBackend> storage_backend_of(std::string_view word) noexcept;

struct StorageOptions : StoreOptions {
  StorageBackend backend = StorageBackend::kLog;
};
// Of a store with these options.
StorageTraits storage_traits(const StorageOptions& options) noexcept;

// The storage of one node: the only way in which anything outside engine/storage meets a backend. It answers clocks at
// once (find, tree, keys); values may take an access to the disk (fetch). Its requests to the disk go into the outbox
// of the turn; its news wait for next_event() within the same turn. Copyable; not thread-safe.
class Storage {
 public:
  // options pass their check().
  explicit Storage(const StorageOptions& options);
  // partitions and hash_salt replace those of the options.
  Storage(const StorageOptions& options, std::uint32_t partitions, std::uint64_t hash_salt);
  // An empty, unstarted store with the options of `other`: what a new process on the same disk begins with.
  static Storage fresh(const Storage& other) { return Storage(other.options_); }

  // --- A turn. The first call of all is start(), which StoreRecovered answers, or StoreFailed.
  void begin_turn(TimeNs now_ns);  // any clock that only goes forward
  void start(Outbox& out);
  void handle(DiskDone&& done, Outbox& out);
  void tick(TimeNs now_ns, Outbox& out);
  // Hands the appends of the turn to the disk. It may have news, and what follows from those may append more: call both
  // until there are none.
  void end_turn(Outbox& out);
  // The oldest event that nobody has taken.
  std::optional<StoreEvent> next_event();
  // When end_turn() must be called again at the latest, because appends wait for company; 0: none do.
  TimeNs held_until_ns() const noexcept;
  // From StoreRecovered until StoreFailed. All that follows needs it, but for accepts(), stats() and options().
  bool open() const noexcept;

  // --- What it holds.
  // Null when the name holds nothing. Values may be cold.
  ObjectPtr find(const Key& key) const;
  ObjectPtr find_hint(NodeId owner, const Key& key) const;
  std::optional<Actor> identity() const;
  StoreFetch fetch(const Key& key, Outbox& out);
  StoreFetch fetch_hint(NodeId owner, const Key& key, Outbox& out);
  // Of the partition's objects, tombstones included.
  const MerkleTree& tree(PartitionId partition) const;
  // The partition's keys in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;
  std::vector<Key> object_keys() const;      // all, ascending
  std::uint64_t key_count() const noexcept;  // of objects, tombstones included
  std::vector<HintName> hints() const;       // ascending by owner and key

  // --- Changes.
  // Sets or erases what the record names; not in kDictionaries. Values of an object are resident, or cold and held
  // under the same dot. Ids ascend.
  AppendId put(const Record& record);
  // Puts of objects, in order. Answers with the last id; a log does this faster than one by one.
  AppendId put_all(std::span<const ObjectPut> puts);
  // The last id given; a store may use some for its own records.
  AppendId last_append() const noexcept;
  // False when a client's write of about this many bytes would find no room.
  bool accepts(std::uint64_t value_bytes) const noexcept;

  StorageTraits traits() const noexcept { return storage_traits(options_); }
  StoreStats stats() const;
  const StorageOptions& options() const noexcept { return options_; }

 private:
  StoreOut to(Outbox& out) noexcept { return {out.disk_requests(), events_}; }

  StorageOptions options_;
  AnyBackend backend_;
  std::vector<StoreEvent> events_;  // empty between turns
  std::size_t taken_ = 0;           // of events_
  AppendId durable_ = 0;            // as told
};

}  // namespace dkv
