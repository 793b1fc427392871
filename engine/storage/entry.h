#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/core/key.h"
#include "engine/ports/storage.h"

namespace dkv {

// The place of a record on the disk.
struct RecordPlace {
  std::uint32_t segment = 0;
  std::uint32_t offset = 0;
  std::uint32_t head_bytes = 0;
  friend bool operator==(const RecordPlace&, const RecordPlace&) = default;
  std::uint32_t body_offset() const noexcept { return offset + head_bytes; }
};

// The index's entry for one name: the place of its latest record, and the record's state in the index's own form.
// Immutable and shared by the copies of a store. One allocation holds it: 24 bytes, the key and the state.
class EntryPtr {
 public:
  struct Facts {
    RecordPlace place;
    bool erased = false;
  };

  EntryPtr() noexcept = default;
  static EntryPtr make(const Facts& facts, std::string_view key, std::string_view state);
  EntryPtr(const EntryPtr& other) noexcept : block_(other.block_) {
    if (block_) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  EntryPtr(EntryPtr&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  EntryPtr& operator=(EntryPtr other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~EntryPtr();

  explicit operator bool() const noexcept { return block_ != nullptr; }
  // Compares identity, not content.
  friend bool operator==(const EntryPtr& a, const EntryPtr& b) noexcept { return a.block_ == b.block_; }

  RecordPlace place() const noexcept { return {block_->segment, block_->offset, block_->head_bytes}; }
  bool erased() const noexcept { return block_->erased; }
  std::string_view key() const noexcept { return {data(), block_->key_bytes}; }  // Key::encoded()
  std::string_view state() const noexcept { return {data() + block_->key_bytes, block_->state_bytes}; }
  std::size_t bytes() const noexcept { return kBlockBytes + block_->key_bytes + block_->state_bytes; }
  std::uint64_t key_hash() const noexcept { return hash64(key()); }

 private:
  friend class EntryTable;
  struct Block {
    std::atomic<std::uint32_t> references;
    std::uint32_t segment;
    std::uint32_t offset;
    std::uint32_t head_bytes : 31;
    std::uint32_t erased : 1;
    std::uint32_t state_bytes;
    std::uint16_t key_bytes;
  };
  static std::string_view key_of(const Block& block) noexcept {
    return {reinterpret_cast<const char*>(&block) + kBlockBytes, block.key_bytes};
  }
  const char* data() const noexcept { return reinterpret_cast<const char*>(block_) + kBlockBytes; }
  static constexpr std::size_t kBlockBytes = 22;  // up to the end of key_bytes
  Block* block_ = nullptr;
};

}  // namespace dkv
