#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace dkv::sim {

// A vector that grows by chunks. Growing copies nothing and needs no second allocation of the same size, which
// matters with a million entries. Copyable.
template <typename T, unsigned kChunkBits = 12>
class ChunkedVector {
 public:
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  T& operator[](std::size_t i) noexcept { return chunks_[i >> kChunkBits][i & kMask]; }
  const T& operator[](std::size_t i) const noexcept { return chunks_[i >> kChunkBits][i & kMask]; }

  void push_back(T value) {
    if ((size_ & kMask) == 0) chunks_.emplace_back();
    if (chunks_.back().capacity() <= kMask) chunks_.back().reserve(kMask + 1);  // it is new, or from a copy
    chunks_.back().push_back(std::move(value));
    ++size_;
  }

 private:
  static constexpr std::size_t kMask = (std::size_t{1} << kChunkBits) - 1;
  std::vector<std::vector<T>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace dkv::sim
