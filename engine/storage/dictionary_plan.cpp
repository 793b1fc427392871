#include "engine/storage/dictionary_plan.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/storage/value_codec.h"

namespace dkv {

static_assert(DictionaryTrainer::kValueBytesMin == ValueCodecs::kDictionaryValueBytesMin);
static_assert(DictionaryTrainer::kValueBytesMax == ValueCodecs::kDictionaryValueBytesMax);

void DictionaryPlan::begin(Doing doing) noexcept {
  doing_ = doing;
  values_bytes_ = 0;
  stored_bytes_ = 0;
}

void DictionaryPlan::take(std::string_view value, std::size_t stored_bytes) {
  if (value.size() < DictionaryTrainer::kValueBytesMin || value.size() > DictionaryTrainer::kValueBytesMax) return;
  DKV_ASSERT(stored_bytes > 0);
  if (doing_ == Doing::kGather) {
    trainer_.sample(value);
    return;
  }
  values_bytes_ += value.size();
  stored_bytes_ += stored_bytes;
  if (doing_ == Doing::kRest) {
    if (values_bytes_ >= rest_bytes_) gather();
    return;
  }
  if (values_bytes_ < kWindowBytes) return;
  const std::uint64_t saved_bytes = values_bytes_ - std::min(values_bytes_, stored_bytes_);
  const bool worse = saved_bytes * 200 < values_bytes_ * promised_percent_;
  begin(worse ? Doing::kGather : Doing::kWatch);
}

Result<DictionaryTrainer::Trained> DictionaryPlan::train() {
  DKV_ASSERT(due());
  auto trained = trainer_.train();
  trainer_.clear();
  begin(Doing::kNothing);
  if (!trained) rest();
  return trained;
}

void DictionaryPlan::packs(std::uint32_t saved_percent, bool may_replace) {
  DKV_ASSERT(saved_percent <= 100);
  promised_percent_ = saved_percent;
  begin(may_replace ? Doing::kWatch : Doing::kNothing);
}

void DictionaryPlan::rest() {
  begin(Doing::kRest);
  if (rest_bytes_ < kRestBytesMax) rest_bytes_ *= 2;
}

}  // namespace dkv
