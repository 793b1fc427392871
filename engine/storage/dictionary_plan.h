#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/result.h"
#include "engine/storage/dictionary_trainer.h"

namespace dkv {

// Decides when a store trains a dictionary, and on which values. The decisions are a function of the values that
// note() receives. Copyable.
//
// The first values are gathered until the trainer has enough. While a dictionary packs, the plan measures its savings
// over each kWindowBytes of values. If they are less than half of the savings on the samples, new samples are
// gathered while the old dictionary stays in use. When the samples gave no dictionary, the plan rests, twice as long
// each time.
class DictionaryPlan {
 public:
  static constexpr std::size_t kDictionariesMax = 8;  // of one store; the last one stays in use
  static constexpr std::uint64_t kWindowBytes = 4u << 20;
  static constexpr std::uint64_t kRestBytesMax = 1u << 30;

  explicit DictionaryPlan(std::size_t samples_bytes_max) : trainer_(samples_bytes_max) {}

  // Begins to gather samples. The plan does nothing before this call.
  void gather() { doing_ = Doing::kGather; }
  // Reports a value that was written and takes stored_bytes. Values on which no dictionary is tried are ignored.
  void note(std::string_view value, std::size_t stored_bytes) {
    if (doing_ != Doing::kNothing) take(value, stored_bytes);
  }
  bool due() const noexcept { return doing_ == Doing::kGather && trainer_.full(); }
  // Trains a dictionary from the samples and frees them. Call it when due(). Fails when the samples give none.
  Result<DictionaryTrainer::Trained> train();
  // Reports that a dictionary packs from now on, and that it saved saved_percent of its samples. may_replace: there
  // is room for another one.
  void packs(std::uint32_t saved_percent, bool may_replace);
  // Reports that the trained dictionary was not useful.
  void rest();

 private:
  enum class Doing : std::uint8_t { kNothing, kGather, kWatch, kRest };
  void take(std::string_view value, std::size_t stored_bytes);
  void begin(Doing doing) noexcept;

  Doing doing_ = Doing::kNothing;
  DictionaryTrainer trainer_;
  std::uint32_t promised_percent_ = 0;
  std::uint64_t rest_bytes_ = kWindowBytes / 2;        // the length of the last rest
  std::uint64_t values_bytes_ = 0, stored_bytes_ = 0;  // since the present window or rest began
};

}  // namespace dkv
