#include "engine/storage/value_codec.h"

#include <zdict.h>
#include <zstd.h>

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/object.h"

namespace dkv {
namespace {

constexpr std::size_t kDictionaryIdBytes = 4;

void append_id(std::uint32_t id, std::string& out) {
  for (std::size_t i = 0; i < kDictionaryIdBytes; ++i) out.push_back(static_cast<char>(id >> 8 * i & 0xff));
}

std::uint32_t read_id(std::string_view stored) noexcept {
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < kDictionaryIdBytes; ++i) {
    id |= static_cast<std::uint32_t>(static_cast<unsigned char>(stored[i])) << 8 * i;
  }
  return id;
}

tl::unexpected<Error> wrong_length(std::uint64_t found_bytes, std::uint32_t value_bytes) {
  return fail("the value has " + std::to_string(found_bytes) + " bytes, but its record says " +
              std::to_string(value_bytes));
}

tl::unexpected<Error> damaged(std::string_view how) {
  return fail("the value's compressed bytes are damaged: " + std::string(how));
}

}  // namespace

// Prepared for both directions. It takes a few times the size of the bytes, and is as immutable as they are.
struct ValueCodecs::Dictionary {
  struct Free {
    void operator()(ZSTD_CDict* dictionary) const noexcept { ZSTD_freeCDict(dictionary); }
    void operator()(ZSTD_DDict* dictionary) const noexcept { ZSTD_freeDDict(dictionary); }
  };
  std::uint32_t id = 0;
  Blob bytes;
  std::unique_ptr<ZSTD_CDict, Free> packing;
  std::unique_ptr<ZSTD_DDict, Free> unpacking;
};

void ValueCodecs::Scratch::Free::operator()(ZSTD_CCtx_s* context) const noexcept {
  ZSTD_freeCCtx(context);
}
void ValueCodecs::Scratch::Free::operator()(ZSTD_DCtx_s* context) const noexcept {
  ZSTD_freeDCtx(context);
}

ZSTD_CCtx_s* ValueCodecs::Scratch::compressor(int level) {
  if (compressor_) return compressor_.get();
  compressor_.reset(ZSTD_createCCtx());
  DKV_ASSERT(compressor_);
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    DKV_ASSERT(!ZSTD_isError(ZSTD_CCtx_setParameter(compressor_.get(), parameter, value)));
  };
  set(ZSTD_c_compressionLevel, level);
  set(ZSTD_c_checksumFlag, 0);     // the record has a checksum
  set(ZSTD_c_dictIDFlag, 0);       // our own id is before the frame
  set(ZSTD_c_contentSizeFlag, 1);  // lets a reader refuse a length before it allocates
  return compressor_.get();
}

ZSTD_DCtx_s* ValueCodecs::Scratch::decompressor() {
  if (!decompressor_) decompressor_.reset(ZSTD_createDCtx());
  DKV_ASSERT(decompressor_);
  return decompressor_.get();
}

ValueCodecs::ValueCodecs(ValueCodecOptions options) : options_(options) {
  DKV_ASSERT(options.level >= 1 && options.level <= 19);
}

ValueCodec ValueCodecs::pack(std::string_view value, std::string& out) {
  DKV_ASSERT(value.size() <= kValueBytesMax);
  const std::size_t begin = out.size();
  if (packing_ && value.size() >= kDictionaryValueBytesMin && value.size() <= kDictionaryValueBytesMax) {
    append_id(packing_->id, out);
    if (append_frame(value, packing_.get(), value.size() - kDictionaryIdBytes, out)) return ValueCodec::kZstdDictionary;
    out.resize(begin);
  }
  if (value.size() > options_.compress_over_bytes && append_frame(value, nullptr, value.size(), out)) {
    return ValueCodec::kZstd;
  }
  out.append(value);
  return ValueCodec::kPlain;
}

bool ValueCodecs::append_frame(std::string_view value, const Dictionary* dictionary, std::size_t limit_bytes,
                               std::string& out) {
  if (limit_bytes < 2) return false;
  ZSTD_CCtx* context = scratch_.compressor(options_.level);
  // A frame that did not fit leaves the context in the middle of it, and then no other dictionary can be set.
  ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
  const std::size_t set = ZSTD_CCtx_refCDict(context, dictionary ? dictionary->packing.get() : nullptr);
  DKV_ASSERT(!ZSTD_isError(set));
  const std::size_t begin = out.size();
  out.resize(begin + limit_bytes - 1);
  const std::size_t written = ZSTD_compress2(context, out.data() + begin, limit_bytes - 1, value.data(), value.size());
  const bool fits = !ZSTD_isError(written);
  DKV_ASSERT(!fits || (written > 0 && written < limit_bytes));
  out.resize(fits ? begin + written : begin);
  return fits;
}

Result<Blob> ValueCodecs::unpack(ValueCodec codec, std::string_view stored, std::uint32_t value_bytes) const {
  if (value_bytes > kValueBytesMax) {
    return fail("a value of " + std::to_string(value_bytes) + " bytes is longer than a value may be");
  }
  switch (codec) {
    case ValueCodec::kPlain:
      if (stored.size() != value_bytes) return wrong_length(stored.size(), value_bytes);
      return Blob(stored);
    case ValueCodec::kZstd: return read_frame(stored, nullptr, value_bytes);
    case ValueCodec::kZstdDictionary: {
      if (stored.size() < kDictionaryIdBytes) return damaged("the dictionary's id is cut short");
      const std::uint32_t id = read_id(stored);
      const auto dictionary = find(id);
      if (!dictionary) return fail("the value needs dictionary " + std::to_string(id) + ", which is not known");
      return read_frame(stored.substr(kDictionaryIdBytes), dictionary.get(), value_bytes);
    }
  }
  return fail("the value's codec " + std::to_string(static_cast<unsigned>(codec)) + " is unknown");
}

Result<Blob> ValueCodecs::read_frame(std::string_view frame, const Dictionary* dictionary,
                                     std::uint32_t value_bytes) const {
  // Bytes after the frame could be another frame or a part to skip. This program never writes them, so it refuses
  // them.
  const std::size_t frame_bytes = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(frame_bytes)) return damaged(ZSTD_getErrorName(frame_bytes));
  if (frame_bytes != frame.size()) return damaged("bytes follow the end");
  const unsigned long long content_bytes = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (content_bytes == ZSTD_CONTENTSIZE_ERROR || content_bytes == ZSTD_CONTENTSIZE_UNKNOWN) {
    return damaged("the length is missing");
  }
  if (content_bytes != value_bytes) return wrong_length(content_bytes, value_bytes);
  if (value_bytes == 0) return damaged("an empty value is never compressed");
  std::size_t read = 0;
  Blob value = Blob::make(value_bytes, [&](char* out) {
    ZSTD_DCtx* context = scratch_.decompressor();
    read = dictionary ? ZSTD_decompress_usingDDict(context, out, value_bytes, frame.data(), frame.size(),
                                                   dictionary->unpacking.get())
                      : ZSTD_decompressDCtx(context, out, value_bytes, frame.data(), frame.size());
  });
  if (ZSTD_isError(read)) return damaged(ZSTD_getErrorName(read));
  if (read != value_bytes) return wrong_length(read, value_bytes);
  return value;
}

bool ValueCodecs::can_unpack(ValueCodec codec, std::string_view stored) const noexcept {
  if (codec != ValueCodec::kZstdDictionary) return true;
  return stored.size() >= kDictionaryIdBytes && has_dictionary(read_id(stored));
}

std::shared_ptr<const ValueCodecs::Dictionary> ValueCodecs::find(std::uint32_t id) const noexcept {
  const auto place = std::ranges::lower_bound(dictionaries_, id, {}, [](const auto& entry) { return entry->id; });
  return place != dictionaries_.end() && (*place)->id == id ? *place : nullptr;
}

void ValueCodecs::pack_with(std::uint32_t id) {
  packing_ = find(id);
  DKV_ASSERT(packing_);
}

Result<void> ValueCodecs::add_dictionary(std::uint32_t id, Blob bytes) {
  if (const auto known = find(id)) {
    if (known->bytes == bytes) return {};
    return fail("dictionary " + std::to_string(id) + " is already known with other bytes");
  }
  if (bytes.size() > kDictionaryBytesMax) {
    return fail("dictionary " + std::to_string(id) + " is longer than " + std::to_string(kDictionaryBytesMax) +
                " bytes");
  }
  auto dictionary = std::make_shared<Dictionary>();
  dictionary->id = id;
  const std::string_view view = bytes.view();
  // Without the magic number of the format, zstd would accept any bytes as a dictionary.
  if (ZDICT_getDictID(view.data(), view.size()) != 0) {
    dictionary->packing.reset(ZSTD_createCDict(view.data(), view.size(), options_.level));
    dictionary->unpacking.reset(ZSTD_createDDict(view.data(), view.size()));
  }
  if (!dictionary->packing || !dictionary->unpacking) {
    return fail("dictionary " + std::to_string(id) + " is damaged");
  }
  dictionary->bytes = std::move(bytes);
  const auto place = std::ranges::lower_bound(dictionaries_, id, {}, [](const auto& entry) { return entry->id; });
  DKV_ASSERT(place == dictionaries_.end() || (*place)->id > id);
  dictionaries_.insert(place, std::move(dictionary));
  return {};
}

}  // namespace dkv
