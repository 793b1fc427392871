#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "engine/core/assert.h"

namespace dkv {

// An immutable, reference-counted array of trivially copyable elements. It is one pointer wide, so that messages,
// disks and copies of a whole world share the bytes. Copies may live on several threads, because the contents never
// change after make().
template <typename T>
class SharedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  SharedArray() noexcept = default;
  SharedArray(const SharedArray& other) noexcept : block_(other.block_) { retain(); }
  SharedArray(SharedArray&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedArray& operator=(const SharedArray& other) noexcept {
    SharedArray copy(other);
    std::swap(block_, copy.block_);
    return *this;
  }
  SharedArray& operator=(SharedArray&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedArray() { release(); }

  // Makes `size` elements. fill(T*) writes them before any other code can see them. Size 0 allocates nothing.
  template <typename Fill>
  static SharedArray make(std::size_t size, Fill&& fill) {
    SharedArray array;
    if (size == 0) return array;
    DKV_ASSERT(size <= UINT32_MAX);
    void* memory = ::operator new(sizeof(Block) + size * sizeof(T));
    array.block_ = new (memory) Block{{1}, static_cast<std::uint32_t>(size)};
    fill(array.block_->data());
    return array;
  }
  static SharedArray copy_of(std::span<const T> elements) {
    return make(elements.size(), [&](T* out) { std::memcpy(out, elements.data(), elements.size_bytes()); });
  }

  std::size_t size() const noexcept { return block_ ? block_->size : 0; }
  bool empty() const noexcept { return block_ == nullptr; }
  const T* data() const noexcept { return block_ ? block_->data() : nullptr; }
  const T* begin() const noexcept { return data(); }
  const T* end() const noexcept { return data() + size(); }
  const T& operator[](std::size_t index) const noexcept { return data()[index]; }
  std::span<const T> span() const noexcept { return {data(), size()}; }

  // True when both share one allocation. Then they are equal, and nobody has to compare the contents.
  bool same_as(const SharedArray& other) const noexcept { return block_ == other.block_; }

 private:
  struct alignas(alignof(T) > 8 ? alignof(T) : 8) Block {
    std::atomic<std::uint32_t> references;
    std::uint32_t size;
    T* data() noexcept { return reinterpret_cast<T*>(this + 1); }
  };
  void retain() noexcept {
    if (block_) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (!block_) return;
    // A sole owner needs no locked instruction: nobody else can be copying from it.
    if (block_->references.load(std::memory_order_acquire) == 1 ||
        block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ::operator delete(block_);
    }
  }
  Block* block_ = nullptr;
};

}  // namespace dkv
