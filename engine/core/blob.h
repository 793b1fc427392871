#pragma once

#include <cstddef>
#include <string_view>

#include "engine/core/shared_array.h"

namespace dkv {

// Immutable shared bytes, for values, keys and frames.
class Blob {
 public:
  Blob() noexcept = default;
  explicit Blob(std::string_view bytes) : bytes_(SharedArray<char>::copy_of({bytes.data(), bytes.size()})) {}
  template <typename Fill>
  static Blob make(std::size_t size, Fill&& fill) {
    Blob blob;
    blob.bytes_ = SharedArray<char>::make(size, std::forward<Fill>(fill));
    return blob;
  }

  std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }
  std::size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }

  friend bool operator==(const Blob& a, const Blob& b) noexcept {
    return a.bytes_.same_as(b.bytes_) || a.view() == b.view();
  }

 private:
  SharedArray<char> bytes_;
};

}  // namespace dkv
