#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/blob.h"
#include "engine/core/result.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace dkv {

// The encoding of a value in a record. Files contain these numbers: they never change, and new ones may be added.
enum class ValueCodec : std::uint8_t {
  kPlain = 0,           // the value itself
  kZstd = 1,            // one zstd frame
  kZstdDictionary = 2,  // the dictionary's id (u32, little-endian), then one zstd frame made with it
};

struct ValueCodecOptions {
  std::uint32_t compress_over_bytes = 1024;  // values up to this length stay plain, unless a dictionary helps
  int level = 1;                             // of zstd: 1 (fastest) to 19
};

// Packs and unpacks the values of one store. Packing is a function of the value, the options, the dictionaries and
// the version of zstd: a used instance, a fresh one and a copy produce the same bytes. A copy is cheap: it shares the
// dictionaries, and zstd's working memory (about 1 MB) is allocated at first use. Only one thread at a time may use
// it, also for unpack().
class ValueCodecs {
 public:
  // Dictionaries are tried on values of this length. Shorter values gain nothing. Longer ones gain little, because
  // they repeat themselves (JSON of 8 KiB: 71 % saved without a dictionary, 73 % with one), and without one the
  // record is self-contained.
  static constexpr std::size_t kDictionaryValueBytesMin = 64;
  static constexpr std::size_t kDictionaryValueBytesMax = 4096;
  static constexpr std::size_t kDictionaryBytesMax = 1u << 20;

  explicit ValueCodecs(ValueCodecOptions options = {});

  // Appends the stored form of the value (at most kValueBytesMax bytes) to out and returns its codec. The stored form
  // is never longer than the value.
  ValueCodec pack(std::string_view value, std::string& out);

  // Restores the value from its stored form. value_bytes is its length, from the record. The bytes may be damaged: at
  // most value_bytes are allocated for the value. Fails when the codec or the dictionary is unknown, when the length
  // is wrong or above kValueBytesMax, and when the compressed bytes are damaged. There is no checksum here: the
  // record has one.
  Result<Blob> unpack(ValueCodec codec, std::string_view stored, std::uint32_t value_bytes) const;

  // Registers a dictionary of DictionaryTrainer for unpacking. An id always names the same bytes. Fails when the
  // bytes are not a dictionary in zstd's format, when there are more than kDictionaryBytesMax, and when the id has
  // other bytes.
  Result<void> add_dictionary(std::uint32_t id, Blob bytes);
  bool has_dictionary(std::uint32_t id) const noexcept { return find(id) != nullptr; }
  std::size_t dictionaries() const noexcept { return dictionaries_.size(); }
  // Packs with this dictionary from now on. It must be registered.
  void pack_with(std::uint32_t id);
  bool packs_with_dictionary() const noexcept { return packing_ != nullptr; }
  // False when the stored value needs a dictionary that is not registered.
  bool can_unpack(ValueCodec codec, std::string_view stored) const noexcept;

  const ValueCodecOptions& options() const noexcept { return options_; }

 private:
  struct Dictionary;  // immutable, shared by copies

  // The working memory of zstd. It holds no state, so a copy begins without it.
  class Scratch {
   public:
    Scratch() noexcept = default;
    Scratch(const Scratch&) noexcept {}
    Scratch(Scratch&&) noexcept = default;
    Scratch& operator=(const Scratch& other) noexcept {
      if (this != &other) *this = Scratch();
      return *this;
    }
    Scratch& operator=(Scratch&&) noexcept = default;
    ~Scratch() = default;

    ZSTD_CCtx_s* compressor(int level);
    ZSTD_DCtx_s* decompressor();

   private:
    struct Free {
      void operator()(ZSTD_CCtx_s* context) const noexcept;
      void operator()(ZSTD_DCtx_s* context) const noexcept;
    };
    std::unique_ptr<ZSTD_CCtx_s, Free> compressor_;
    std::unique_ptr<ZSTD_DCtx_s, Free> decompressor_;
  };

  // Appends the value's frame if it has fewer than limit_bytes.
  bool append_frame(std::string_view value, const Dictionary* dictionary, std::size_t limit_bytes, std::string& out);
  Result<Blob> read_frame(std::string_view frame, const Dictionary* dictionary, std::uint32_t value_bytes) const;
  std::shared_ptr<const Dictionary> find(std::uint32_t id) const noexcept;

  ValueCodecOptions options_;
  std::vector<std::shared_ptr<const Dictionary>> dictionaries_;  // ascending by id
  std::shared_ptr<const Dictionary> packing_;                    // one of them, or null
  mutable Scratch scratch_;
};

}  // namespace dkv
