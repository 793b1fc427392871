#include "engine/storage/value_codec.h"

#include <rapidcheck.h>

#include <array>
#include <cstring>

#include "cli/terminal/json_documents.h"
#include "engine/core/object.h"
#include "engine/storage/dictionary_trainer.h"
#include "tests/catch.h"

namespace dkv {
namespace {

struct Packed {
  ValueCodec codec = ValueCodec::kPlain;
  std::string stored;
};

Packed pack(ValueCodecs& codecs, std::string_view value) {
  Packed packed;
  packed.codec = codecs.pack(value, packed.stored);
  return packed;
}

std::string noise(std::uint64_t seed, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<char>(mix64(seed * 0x9e3779b97f4a7c15ULL + i) & 0xff);
  return out;
}

std::uint32_t length_of(std::string_view value) {
  return static_cast<std::uint32_t>(value.size());
}

Blob json_dictionary(std::uint64_t seed = 1) {
  DictionaryTrainer trainer;
  JsonDocuments documents(seed);
  constexpr std::array<std::size_t, 6> kSizes{100, 150, 200, 300, 500, 1000};
  for (std::size_t i = 0; !trainer.full(); ++i) trainer.sample(documents.next(kSizes[i % kSizes.size()]));
  return trainer.train()->dictionary;
}

// Trained only once, because training is slow.
const Blob& shared_dictionary() {
  static const Blob dictionary = json_dictionary();
  return dictionary;
}

void pack_with(ValueCodecs& codecs, std::uint32_t id, const Blob& dictionary) {
  REQUIRE(codecs.add_dictionary(id, dictionary));
  codecs.pack_with(id);
}

ValueCodecs with_dictionary(std::uint32_t id = 7) {
  ValueCodecs codecs;
  pack_with(codecs, id, shared_dictionary());
  return codecs;
}

double saved(ValueCodecs& codecs, std::size_t about_bytes, int documents_count = 100) {
  JsonDocuments documents(99);
  std::size_t before = 0;
  std::string after;
  for (int i = 0; i < documents_count; ++i) {
    const std::string document = documents.next(about_bytes);
    before += document.size();
    codecs.pack(document, after);
  }
  return 1.0 - static_cast<double>(after.size()) / static_cast<double>(before);
}

void check_fails(const Result<Blob>& result, const std::string& what) {
  REQUIRE_FALSE(result.has_value());
  CHECK_THAT(result.error().what, ContainsSubstring(what));
}

TEST_CASE("values up to the limit stay as they are, longer ones are compressed when that makes them smaller") {
  ValueCodecs codecs({.compress_over_bytes = 100});
  const std::string same(100, 'a');
  CHECK(pack(codecs, "").codec == ValueCodec::kPlain);
  CHECK(pack(codecs, same).codec == ValueCodec::kPlain);
  CHECK(pack(codecs, same).stored == same);
  const Packed longer = pack(codecs, same + 'a');
  CHECK(longer.codec == ValueCodec::kZstd);
  CHECK(longer.stored.size() < 30);
  const std::string random = noise(1, 5000);
  CHECK(pack(codecs, random).codec == ValueCodec::kPlain);
  CHECK(pack(codecs, random).stored == random);
}

TEST_CASE("the codecs have the numbers that files contain") {
  CHECK(static_cast<int>(ValueCodec::kPlain) == 0);
  CHECK(static_cast<int>(ValueCodec::kZstd) == 1);
  CHECK(static_cast<int>(ValueCodec::kZstdDictionary) == 2);
}

TEST_CASE("packing appends and keeps the earlier bytes") {
  ValueCodecs codecs = with_dictionary();
  for (const std::string& value :
       {std::string("tiny"), std::string(5000, 'a'), noise(2, 3000), JsonDocuments(3).order(400), noise(3, 100)}) {
    const Packed alone = pack(codecs, value);
    std::string out = "before";
    CHECK(codecs.pack(value, out) == alone.codec);
    CHECK(out == "before" + alone.stored);
    CHECK(alone.stored.size() <= value.size());
  }
}

TEST_CASE("unpacking reverses packing, with a dictionary and without") {
  ValueCodecs plain({.compress_over_bytes = 32});
  ValueCodecs both({.compress_over_bytes = 32});
  pack_with(both, 1, shared_dictionary());
  REQUIRE(rc::check([&] {
    const auto kind = *rc::gen::inRange(0, 4);
    const auto bytes = static_cast<std::size_t>(*rc::gen::inRange(0, 20'000));
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    std::string value;
    if (kind == 0) value = JsonDocuments(seed).next(bytes);
    if (kind == 1) value = noise(seed, bytes);
    if (kind == 2) value = std::string(bytes, static_cast<char>(seed));
    if (kind == 3) value = *rc::gen::string<std::string>();
    for (ValueCodecs* codecs : {&plain, &both}) {
      const Packed packed = pack(*codecs, value);
      RC_ASSERT(packed.stored.size() <= value.size());
      const auto unpacked = codecs->unpack(packed.codec, packed.stored, length_of(value));
      RC_ASSERT(unpacked.has_value());
      RC_ASSERT(unpacked->view() == value);
    }
  }));
}

TEST_CASE("the longest value goes through, and a longer one is refused before anything is allocated") {
  ValueCodecs codecs;
  const std::string longest(kValueBytesMax, 'z');
  const Packed packed = pack(codecs, longest);
  CHECK(packed.codec == ValueCodec::kZstd);
  CHECK(codecs.unpack(packed.codec, packed.stored, length_of(longest))->view() == longest);
  for (const ValueCodec codec : {ValueCodec::kPlain, ValueCodec::kZstd, ValueCodec::kZstdDictionary}) {
    check_fails(codecs.unpack(codec, packed.stored, kValueBytesMax + 1), "longer than a value may be");
    check_fails(codecs.unpack(codec, packed.stored, UINT32_MAX), "longer than a value may be");
  }
}

TEST_CASE("a fault in stored bytes is named") {
  ValueCodecs codecs = with_dictionary(7);
  const std::string value = JsonDocuments(5).order(3000);
  ValueCodecs plain;
  const Packed zstd = pack(plain, value);
  const Packed small = pack(codecs, std::string_view(value).substr(0, 500));
  REQUIRE(zstd.codec == ValueCodec::kZstd);
  REQUIRE(small.codec == ValueCodec::kZstdDictionary);
  check_fails(codecs.unpack(static_cast<ValueCodec>(3), "abc", 3), "codec 3 is unknown");
  check_fails(codecs.unpack(static_cast<ValueCodec>(255), "abc", 3), "codec 255 is unknown");
  check_fails(codecs.unpack(ValueCodec::kPlain, "abc", 4), "has 3 bytes, but its record says 4");
  check_fails(codecs.unpack(ValueCodec::kZstd, zstd.stored, length_of(value) + 1), "but its record says");
  check_fails(codecs.unpack(ValueCodec::kZstd, zstd.stored, length_of(value) - 1), "but its record says");
  check_fails(codecs.unpack(ValueCodec::kZstd, zstd.stored, 0), "but its record says 0");
  check_fails(codecs.unpack(ValueCodec::kZstd, "", 10), "damaged");
  check_fails(codecs.unpack(ValueCodec::kZstd, "no frame at all", 10), "damaged");
  check_fails(codecs.unpack(ValueCodec::kZstd, zstd.stored + '\0', length_of(value)), "bytes follow the end");
  check_fails(codecs.unpack(ValueCodec::kZstd, zstd.stored + zstd.stored, length_of(value)), "bytes follow the end");
  check_fails(codecs.unpack(ValueCodec::kZstdDictionary, "\7\0", 10), "the dictionary's id is cut short");
  check_fails(plain.unpack(ValueCodec::kZstdDictionary, small.stored, 500), "needs dictionary 7, which is not known");
}

TEST_CASE("no damage to stored bytes crashes, and none changes the length of the value") {
  ValueCodecs codecs({.compress_over_bytes = 64});
  pack_with(codecs, 7, shared_dictionary());
  ValueCodecs plain({.compress_over_bytes = 64});
  const std::string value = JsonDocuments(5).order(400);
  int refused = 0;
  const auto look = [&](const Packed& packed) {
    const auto read = codecs.unpack(packed.codec, packed.stored, length_of(value));
    if (!read) ++refused;
    if (read) REQUIRE(read->size() == value.size());
    if (!read) REQUIRE_FALSE(read.error().what.empty());
  };
  for (ValueCodecs* packer : {&plain, &codecs}) {
    const Packed whole = pack(*packer, value);
    REQUIRE(whole.codec != ValueCodec::kPlain);
    for (std::size_t at = 0; at < whole.stored.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        Packed flipped = whole;
        flipped.stored[at] = static_cast<char>(flipped.stored[at] ^ (1 << bit));
        look(flipped);
      }
      Packed cut = whole;
      cut.stored.resize(at);
      const int before = refused;
      look(cut);
      REQUIRE(refused == before + 1);
    }
    look(whole);
  }
  CHECK(refused > 1000);  // most flips break the format; the record's checksum finds the others
}

TEST_CASE("a frame that promises more than its record is refused by its own header") {
  ValueCodecs codecs;
  const std::string huge(kValueBytesMax, 'z');
  const Packed packed = pack(codecs, huge);
  REQUIRE(packed.stored.size() < 4096);
  check_fails(codecs.unpack(ValueCodec::kZstd, packed.stored, 100), "has 16777216 bytes, but its record says 100");
}

TEST_CASE("one dictionary packs, the others still unpack, and the order of adding does not matter") {
  const Blob one = shared_dictionary();
  const Blob two = json_dictionary(2);
  const std::string value = JsonDocuments(8).user(300);
  ValueCodecs old_codecs;
  REQUIRE(old_codecs.add_dictionary(3, one));
  CHECK_FALSE(old_codecs.packs_with_dictionary());
  CHECK(pack(old_codecs, value).codec == ValueCodec::kPlain);
  old_codecs.pack_with(3);
  const Packed old_value = pack(old_codecs, value);
  REQUIRE(old_value.codec == ValueCodec::kZstdDictionary);
  CHECK(old_value.stored.substr(0, 4) == std::string("\3\0\0\0", 4));
  ValueCodecs ascending = old_codecs;
  pack_with(ascending, 0x01020304, two);
  ValueCodecs descending;
  pack_with(descending, 0x01020304, two);
  REQUIRE(descending.add_dictionary(3, one));
  CHECK(pack(ascending, value).stored == pack(descending, value).stored);
  CHECK(pack(ascending, value).stored.substr(0, 4) == std::string("\4\3\2\1", 4));
  for (const ValueCodecs* codecs : {&ascending, &descending}) {
    CHECK(codecs->unpack(old_value.codec, old_value.stored, length_of(value))->view() == value);
    CHECK(codecs->has_dictionary(3));
    CHECK_FALSE(codecs->has_dictionary(4));
    CHECK(codecs->dictionaries() == 2);
    CHECK(codecs->can_unpack(old_value.codec, old_value.stored));
  }
  CHECK_FALSE(ValueCodecs().can_unpack(old_value.codec, old_value.stored));
  CHECK_FALSE(ascending.can_unpack(ValueCodec::kZstdDictionary, "\3"));
  CHECK(ValueCodecs().can_unpack(ValueCodec::kPlain, ""));
}

TEST_CASE("bytes that are no dictionary, or other bytes under a known id, are refused and change nothing") {
  ValueCodecs codecs = with_dictionary(7);
  const Blob& good = shared_dictionary();
  CHECK(codecs.add_dictionary(7, good).has_value());
  CHECK_THAT(codecs.add_dictionary(7, Blob("x")).error().what, ContainsSubstring("is already known with other bytes"));
  CHECK_THAT(codecs.add_dictionary(8, Blob()).error().what, ContainsSubstring("dictionary 8 is damaged"));
  CHECK_THAT(codecs.add_dictionary(8, Blob(noise(1, 5000))).error().what, ContainsSubstring("is damaged"));
  CHECK_THAT(codecs.add_dictionary(8, Blob(good.view().substr(0, 40))).error().what, ContainsSubstring("is damaged"));
  const std::string huge(ValueCodecs::kDictionaryBytesMax + 1, 'a');
  CHECK_THAT(codecs.add_dictionary(8, Blob(huge)).error().what, ContainsSubstring("longer than 1048576 bytes"));
  CHECK_FALSE(codecs.has_dictionary(8));
  CHECK(pack(codecs, JsonDocuments(1).order(300)).stored[0] == 7);
}

TEST_CASE("a dictionary is used for the lengths that gain by it, and only when it does") {
  ValueCodecs codecs = with_dictionary();
  const std::string document = JsonDocuments(4).log(20'000);
  CHECK(pack(codecs, document.substr(0, 63)).codec == ValueCodec::kPlain);
  CHECK(pack(codecs, document.substr(0, 200)).codec == ValueCodec::kZstdDictionary);
  CHECK(pack(codecs, document.substr(0, 4096)).codec == ValueCodec::kZstdDictionary);
  CHECK(pack(codecs, document.substr(0, 4097)).codec == ValueCodec::kZstd);
  CHECK(pack(codecs, noise(1, 500)).codec == ValueCodec::kPlain);
}

TEST_CASE("a used instance, a fresh one and a copy pack to the same bytes at any level") {
  for (const int level : {1, 3, 9, 19}) {
    const ValueCodecOptions options{.compress_over_bytes = 64, .level = level};
    ValueCodecs used(options);
    pack_with(used, 2, shared_dictionary());
    JsonDocuments documents(17);
    for (const std::size_t bytes : {100u, 9000u, 300u, 70'000u, 2000u, 150u, 16'000u}) {
      const std::string value = documents.next(bytes);
      pack(used, noise(bytes, 40'000));  // leaves an error behind in the context
      ValueCodecs fresh(options);
      pack_with(fresh, 2, shared_dictionary());
      ValueCodecs copy = used;
      ValueCodecs assigned;
      pack(assigned, std::string(5000, 'b'));
      assigned = used;
      const Packed packed = pack(used, value);
      CHECK(pack(fresh, value).stored == packed.stored);
      CHECK(pack(copy, value).stored == packed.stored);
      CHECK(pack(assigned, value).stored == packed.stored);
    }
  }
}

TEST_CASE("JSON of 1 to 16 KiB saves more than 55 % at level 1, and tiny values stay plain") {
  ValueCodecs codecs;
  CHECK(saved(codecs, 128) == 0);
  CHECK(saved(codecs, 512) == 0);
  for (const std::size_t bytes : {2048u, 4096u, 8192u, 16'384u}) CHECK(saved(codecs, bytes) > 0.55);
  double sum = 0;
  int sizes = 0;
  for (std::size_t bytes = 1024; bytes <= 16'384; bytes += 512, ++sizes) sum += saved(codecs, bytes, 8);
  CHECK(sum / sizes > 0.55);
}

TEST_CASE("a dictionary makes small JSON documents worth compressing") {
  ValueCodecs codecs = with_dictionary();
  CHECK(saved(codecs, 256) > 0.45);
  CHECK(saved(codecs, 512) > 0.55);
  CHECK(saved(codecs, 1024) > 0.6);
  ValueCodecs alone({.compress_over_bytes = 0});
  for (const std::size_t bytes : {128u, 256u, 512u, 1024u, 2048u}) CHECK(saved(codecs, bytes) > saved(alone, bytes));
}

}  // namespace
}  // namespace dkv
