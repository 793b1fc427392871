#include "engine/storage/storage.h"

#include "engine/core/assert.h"

namespace dkv {
namespace {

std::variant<MemoryStore, LogStore> make_backend(const StorageOptions& options, std::uint32_t partitions,
                                                 std::uint64_t hash_salt) {
  if (options.backend == StorageBackend::kMemory) return MemoryStore(partitions, hash_salt);
  StoreOptions log = options.log;
  log.partitions = partitions;
  log.hash_salt = hash_salt;
  return LogStore(log);
}

}  // namespace

Storage::Storage(const StorageOptions& options, std::uint32_t partitions, std::uint64_t hash_salt)
    : backend_(make_backend(options, partitions, hash_salt)) {}

AppendId Storage::put(const Record& record) {
  if (!log()) {
    if (record.space != KeySpace::kObjects) return 0;
    if (record.object) {
      memory().set(record.key, record.object);
    } else {
      memory().erase(record.key);
    }
    return 0;
  }
  switch (record.space) {
    case KeySpace::kObjects:
      return record.object ? log()->put(record.key, record.object) : log()->erase_object(record.key);
    case KeySpace::kHints:
      return record.object ? log()->put_hint(record.owner, record.key, record.object, record.created_wall_ns)
                           : log()->erase_hint(record.owner, record.key);
    case KeySpace::kIdentity: return log()->put_identity(record.actor);
    case KeySpace::kDictionaries: break;
  }
  DKV_ASSERT(!"a key space that no storage knows");
  return 0;
}

}  // namespace dkv
