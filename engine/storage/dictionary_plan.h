#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/result.h"
#include "engine/storage/dictionary_trainer.h"

namespace dkv {

// When a store trains a dictionary, and on which values: a function of the values that note() is told of. Copyable.
//
// The first values are gathered until the trainer has enough. While a dictionary packs, the plan looks at each
// kWindowBytes of values. If they save less than half of the share that the samples saved, new samples are gathered,
// and the old dictionary stays in use. Samples that made no dictionary are followed by a rest, twice as long each time.
class DictionaryPlan {
 public:
  static constexpr std::size_t kDictionariesMax = 8;  // of one store; the last one stays
  static constexpr std::uint64_t kWindowBytes = 4u << 20;
  static constexpr std::uint64_t kRestBytesMax = 1u << 30;

  explicit DictionaryPlan(std::size_t samples_bytes_max) : trainer_(samples_bytes_max) {}

  // Until then it does nothing.
  void gather() { doing_ = Doing::kGather; }
  // A value was written and takes stored_bytes. Values that no dictionary is tried on are passed over.
  void note(std::string_view value, std::size_t stored_bytes) {
    if (doing_ != Doing::kNothing) take(value, stored_bytes);
  }
  bool due() const noexcept { return doing_ == Doing::kGather && trainer_.full(); }
  // When due: from the samples, which are gone then. Fails when they make none.
  Result<DictionaryTrainer::Trained> train();
  // From now on a dictionary packs that saved saved_percent of its samples. may_replace: there is room for another one.
  void packs(std::uint32_t saved_percent, bool may_replace);
  // The trained dictionary is of no use.
  void rest();

 private:
  enum class Doing : std::uint8_t { kNothing, kGather, kWatch, kRest };
  void take(std::string_view value, std::size_t stored_bytes);
  void begin(Doing doing) noexcept;

  Doing doing_ = Doing::kNothing;
  DictionaryTrainer trainer_;
  std::uint32_t promised_percent_ = 0;
  std::uint64_t rest_bytes_ = kWindowBytes / 2;        // of the last rest
  std::uint64_t values_bytes_ = 0, stored_bytes_ = 0;  // since the window or the rest began
};

}  // namespace dkv
