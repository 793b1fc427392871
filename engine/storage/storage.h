#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "engine/storage/log_store.h"
#include "engine/storage/memory_store.h"

namespace dkv {

enum class StorageBackend : std::uint8_t {
  kMemory,  // objects in memory; records go to the host as Append, which makes them durable, or not (caches, tests)
  kLog,     // log-structured, on a disk
};

struct StorageOptions {
  StorageBackend backend = StorageBackend::kMemory;
  StoreOptions log;
};

// What a node needs of its storage: all that a replica calls. Each backend is one alternative behind it; the node knows
// none of them. Clocks are answered at once (find, tree, keys), values may take an access to the disk (fetch).
class Storage {
 public:
  Storage(const StorageOptions& options, std::uint32_t partitions, std::uint64_t hash_salt);

  LogStore* log() noexcept { return std::get_if<LogStore>(&backend_); }
  const LogStore* log() const noexcept { return std::get_if<LogStore>(&backend_); }

  // Null when the key was never heard of. Values may be cold.
  ObjectPtr find(const Key& key) const { return log() ? log()->find(key) : memory().find(key); }
  // Sets what the key holds. Answers with the log's id of the append; 0 when the host does that.
  AppendId put(const Record& record);
  // As LogStore::fetch().
  LogStore::Fetch fetch(const Key& key, StoreOut out) {
    return log() ? log()->fetch(key, out) : LogStore::Fetch{memory().find(key), 0};
  }
  bool accepts(std::uint64_t value_bytes) const noexcept { return !log() || log()->accepts(value_bytes); }

  const MerkleTree& tree(PartitionId partition) const {
    return log() ? log()->tree(partition) : memory().tree(partition);
  }
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const {
    return log() ? log()->keys(partition, leaf_mask) : memory().keys(partition, leaf_mask);
  }
  // Of objects, tombstones included.
  std::uint64_t key_count() const noexcept { return log() ? log()->object_count() : memory().key_count(); }

 private:
  MemoryStore& memory() noexcept { return *std::get_if<MemoryStore>(&backend_); }
  const MemoryStore& memory() const noexcept { return *std::get_if<MemoryStore>(&backend_); }

  std::variant<MemoryStore, LogStore> backend_;
};

}  // namespace dkv
