#include "engine/storage/storage.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"

namespace dkv {
namespace {

AnyBackend make_backend(const StorageOptions& options) {
  switch (options.backend) {
    case StorageBackend::kLog: return LogStore(options);
    case StorageBackend::kMemory: return MemoryStore(options);
  }
  DKV_ASSERT(!"a backend that is not in the list");
  return MemoryStore(options);
}

StorageOptions with(StorageOptions options, std::uint32_t partitions, std::uint64_t hash_salt) {
  options.partitions = partitions;
  options.hash_salt = hash_salt;
  return options;
}

}  // namespace

std::string_view storage_backend_name(StorageBackend backend) noexcept {
  const auto found = std::ranges::find(kStorageBackends, backend, &StorageBackendName::backend);
  return found == kStorageBackends.end() ? "?" : found->word;
}

std::optional<StorageBackend> storage_backend_of(std::string_view word) noexcept {
  const auto found = std::ranges::find(kStorageBackends, word, &StorageBackendName::word);
  return found == kStorageBackends.end() ? std::nullopt : std::optional(found->backend);
}

StorageTraits storage_traits(const StorageOptions& options) noexcept {
  switch (options.backend) {
    case StorageBackend::kLog: return LogStore::traits(options);
    case StorageBackend::kMemory: return MemoryStore::traits(options);
  }
  return {};
}

Storage::Storage(const StorageOptions& options) : options_(options), backend_(make_backend(options_)) {}

Storage::Storage(const StorageOptions& options, std::uint32_t partitions, std::uint64_t hash_salt)
    : Storage(with(options, partitions, hash_salt)) {}

void Storage::begin_turn(TimeNs now_ns) {
  DKV_ASSERT(events_.empty());  // the last turn took all of them
  std::visit([&](auto& backend) { backend.at(now_ns); }, backend_);
}

void Storage::start(Outbox& out) {
  std::visit([&](auto& backend) { backend.start(to(out)); }, backend_);
  DKV_ASSERT(open() == !events_.empty());  // a store that opens reports it
}

void Storage::handle(DiskDone&& done, Outbox& out) {
  std::visit([&](auto& backend) { backend.handle(std::move(done), to(out)); }, backend_);
}

void Storage::tick(TimeNs now_ns, Outbox& out) {
  std::visit([&](auto& backend) { backend.tick(now_ns, to(out)); }, backend_);
}

void Storage::end_turn(Outbox& out) {
  std::visit([&](auto& backend) { backend.flush(to(out)); }, backend_);
}

std::optional<StoreEvent> Storage::next_event() {
  if (!has_event()) return std::nullopt;
  StoreEvent event = std::move(events_[taken_++]);
  if (taken_ == events_.size()) {
    events_.clear();
    taken_ = 0;
  }
  if (const auto* durable = std::get_if<StoreDurable>(&event)) {
    DKV_ASSERT(durable->upto > durable_ && durable->upto <= last_append());
    durable_ = durable->upto;
  }
  return event;
}

TimeNs Storage::held_until_ns() const noexcept {
  return std::visit([](const auto& backend) { return backend.held_until_ns(); }, backend_);
}

bool Storage::open() const noexcept {
  return std::visit([](const auto& backend) { return backend.open(); }, backend_);
}

ObjectPtr Storage::find(const Key& key) const {
  return std::visit([&](const auto& backend) -> ObjectPtr { return backend.find(key); }, backend_);
}

ObjectPtr Storage::peek(const Key& key) const {
  return std::visit([&](const auto& backend) -> ObjectPtr { return backend.peek(key); }, backend_);
}

ObjectPtr Storage::find_hint(NodeId owner, const Key& key) const {
  return std::visit([&](const auto& backend) -> ObjectPtr { return backend.find_hint(owner, key); }, backend_);
}

std::optional<Identity> Storage::identity() const {
  return std::visit([](const auto& backend) { return backend.identity(); }, backend_);
}

StoreFetch Storage::fetch(const Key& key, Outbox& out) {
  return std::visit([&](auto& backend) { return backend.fetch(key, to(out)); }, backend_);
}

StoreFetch Storage::fetch_hint(NodeId owner, const Key& key, Outbox& out) {
  return std::visit([&](auto& backend) { return backend.fetch_hint(owner, key, to(out)); }, backend_);
}

const MerkleTree& Storage::tree(PartitionId partition) const {
  DKV_ASSERT(partition < options_.partitions);
  return std::visit([&](const auto& backend) -> const MerkleTree& { return backend.tree(partition); }, backend_);
}

std::vector<Key> Storage::keys(PartitionId partition, std::uint64_t leaf_mask) const {
  DKV_ASSERT(partition < options_.partitions);
  return std::visit([&](const auto& backend) { return backend.keys(partition, leaf_mask); }, backend_);
}

std::vector<Key> Storage::object_keys() const {
  return std::visit([](const auto& backend) { return backend.object_keys(); }, backend_);
}

std::uint64_t Storage::key_count() const noexcept {
  return std::visit([](const auto& backend) { return backend.object_count(); }, backend_);
}

std::vector<HintName> Storage::hints() const {
  return std::visit([](const auto& backend) { return backend.hints(); }, backend_);
}

AppendId Storage::put(const Record& record) {
  DKV_ASSERT(record.space != KeySpace::kHints || record.owner != kNoNode);
  const AppendId before = last_append();
  const AppendId id = std::visit([&](auto& backend) { return backend.put(record); }, backend_);
  DKV_ASSERT(id > before && id == last_append());
  return id;
}

AppendId Storage::put_all(std::span<const ObjectPut> puts) {
  return std::visit([&](auto& backend) { return backend.put_all(puts); }, backend_);
}

AppendId Storage::last_append() const noexcept {
  return std::visit([](const auto& backend) { return backend.last_append(); }, backend_);
}

Room Storage::room(std::uint64_t value_bytes) const noexcept {
  return std::visit([&](const auto& backend) { return backend.room(value_bytes); }, backend_);
}

StoreStats Storage::stats() const {
  return std::visit([](const auto& backend) { return backend.stats(); }, backend_);
}

}  // namespace dkv
