#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/blob.h"
#include "engine/core/result.h"

namespace dkv {

// Gathers samples of a store's small values and trains a dictionary for ValueCodecs. Copyable. The dictionary is a
// function of the samples, their order, and the version of zstd.
class DictionaryTrainer {
 public:
  static constexpr std::size_t kValueBytesMin = 64;
  static constexpr std::size_t kValueBytesMax = 4096;
  static constexpr std::size_t kSamplesBytesDefault = 256u << 10;
  static constexpr std::size_t kDictionaryBytesMax = 16u << 10;

  explicit DictionaryTrainer(std::size_t samples_bytes_max = kSamplesBytesDefault) : bytes_max_(samples_bytes_max) {}

  // Takes the value as a sample if it has kValueBytesMin to kValueBytesMax bytes and there is room. True when taken.
  bool sample(std::string_view value);
  // True when a sample of the largest size would find no room: time to train.
  bool full() const noexcept { return samples_.size() + kValueBytesMax > bytes_max_; }
  std::size_t samples() const noexcept { return lengths_.size(); }
  std::size_t bytes() const noexcept { return samples_.size(); }
  // Forgets the samples and frees their memory.
  void clear();

  struct Trained {
    Blob dictionary;                  // at most kDictionaryBytesMax
    std::uint32_t saved_percent = 0;  // of the bytes of the samples
  };
  // Trains by ZDICT's cover algorithm. Takes some tens of milliseconds, and 6 MB of memory for 256 KiB of samples.
  // Fails when there are too few samples, or when they share too little: a dictionary that saves less than a fifth
  // even of its samples is not worth its cost.
  Result<Trained> train() const;

 private:
  std::size_t bytes_max_;
  std::string samples_;  // concatenated
  std::vector<std::size_t> lengths_;
};

}  // namespace dkv
