#include "engine/storage/entry.h"

#include <cstddef>
#include <cstring>
#include <new>

#include "engine/core/assert.h"

namespace dkv {

EntryPtr EntryPtr::make(const Facts& facts, std::string_view key, std::string_view state) {
  static_assert(offsetof(Block, key_bytes) + sizeof(Block::key_bytes) == kBlockBytes);
  DKV_ASSERT(key.size() <= UINT16_MAX && state.size() <= UINT32_MAX);
  DKV_ASSERT(facts.place.segment > 0 && facts.place.head_bytes > 0);
  const std::size_t bytes = std::max(sizeof(Block), kBlockBytes + key.size() + state.size());
  EntryPtr entry;
  entry.block_ = new (::operator new(bytes)) Block{.references = {1},
                                                   .segment = facts.place.segment,
                                                   .offset = facts.place.offset,
                                                   .head_bytes = facts.place.head_bytes,
                                                   .erased = facts.erased,
                                                   .state_bytes = static_cast<std::uint32_t>(state.size()),
                                                   .key_bytes = static_cast<std::uint16_t>(key.size())};
  char* data = reinterpret_cast<char*>(entry.block_) + kBlockBytes;
  if (!key.empty()) std::memcpy(data, key.data(), key.size());
  if (!state.empty()) std::memcpy(data + key.size(), state.data(), state.size());
  return entry;
}

EntryPtr::~EntryPtr() {
  if (!block_) return;
  if (block_->references.load(std::memory_order_acquire) == 1 ||
      block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    ::operator delete(block_);
  }
}

}  // namespace dkv
