#include "engine/storage/dictionary_trainer.h"

#include <zdict.h>

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/storage/value_codec.h"

namespace dkv {

bool DictionaryTrainer::sample(std::string_view value) {
  if (value.size() < kValueBytesMin || value.size() > kValueBytesMax) return false;
  if (samples_.size() + value.size() > bytes_max_) return false;
  samples_.append(value);
  lengths_.push_back(value.size());
  return true;
}

void DictionaryTrainer::clear() {
  *this = DictionaryTrainer(bytes_max_);
}

Result<DictionaryTrainer::Trained> DictionaryTrainer::train() const {
  // A dictionary that contains its samples would save much on them and nothing on other values.
  std::string buffer(std::clamp(samples_.size() / 8, std::size_t{1024}, kDictionaryBytesMax), '\0');
  const std::size_t made = ZDICT_trainFromBuffer(buffer.data(), buffer.size(), samples_.data(), lengths_.data(),
                                                 static_cast<unsigned>(lengths_.size()));
  if (ZDICT_isError(made)) {
    return fail("no dictionary from " + std::to_string(samples()) + " samples of " + std::to_string(bytes()) +
                " bytes: " + ZDICT_getErrorName(made));
  }
  Blob dictionary{std::string_view(buffer).substr(0, made)};
  ValueCodecs codecs({.compress_over_bytes = static_cast<std::uint32_t>(kValueBytesMax)});
  DKV_ASSERT(codecs.add_dictionary(1, dictionary));
  codecs.pack_with(1);
  DKV_ASSERT(made > 0 && made <= buffer.size());
  std::string packed;
  std::string_view rest = samples_;
  for (const std::size_t length : lengths_) {
    codecs.pack(rest.substr(0, length), packed);
    rest.remove_prefix(length);
  }
  DKV_ASSERT(rest.empty());  // the lengths are those of the samples
  if (packed.size() > samples_.size() / 5 * 4) return fail("no dictionary: the samples share too little");
  return Trained{std::move(dictionary), static_cast<std::uint32_t>(100 - packed.size() * 100 / samples_.size())};
}

}  // namespace dkv
