#include "engine/core/key.h"

#include <rapidcheck.h>

#include <algorithm>
#include <bitset>
#include <string>

#include "tests/catch.h"

using namespace dkv;

TEST_CASE("a key returns its bucket and its bytes, for any bytes") {
  REQUIRE(rc::check([] {
    const auto bucket = *rc::gen::resize(300, rc::gen::nonEmpty(rc::gen::string<std::string>()));
    const auto bytes = *rc::gen::nonEmpty(rc::gen::string<std::string>());
    RC_PRE(bucket.size() <= kBucketBytesMax);
    const auto key = Key::make(bucket, bytes);
    RC_ASSERT(key.has_value());
    RC_ASSERT(key->bucket() == bucket);
    RC_ASSERT(key->key() == bytes);
    const auto decoded = Key::decode(key->encoded());
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == *key);
    RC_ASSERT(decoded->hash() == key->hash());
  }));
}

TEST_CASE("the border between bucket and key counts") {
  const Key ab_c = *Key::make("ab", "c");
  const Key a_bc = *Key::make("a", "bc");
  CHECK_FALSE(ab_c == a_bc);
  CHECK(ab_c.hash() != a_bc.hash());
}

TEST_CASE("a key outside its limits is refused with the rule that it breaks") {
  const std::string bucket_max(kBucketBytesMax, 'b');
  const std::string key_max(kKeyBytesMax, 'k');
  CHECK(Key::make(bucket_max, key_max).has_value());
  CHECK(Key::make("", "k").error().what == "the bucket is empty");
  CHECK(Key::make("b", "").error().what == "the key is empty");
  CHECK(Key::make(bucket_max + 'b', "k").error().what == "the bucket is longer than 255 bytes");
  CHECK(Key::make("b", key_max + 'k').error().what == "the key is longer than 4096 bytes");
}

TEST_CASE("encoded bytes that no key has are refused") {
  CHECK(Key::decode("").error().what == "the key's bytes are missing");
  CHECK(Key::decode(std::string("\x05"
                                "ab"))
            .error()
            .what == "the key's bucket is cut short");
  CHECK(Key::decode(std::string("\x02"
                                "ab"))
            .error()
            .what == "the key is empty");
  CHECK(Key::decode(std::string("\0abc", 4)).error().what == "the bucket is empty");
}

TEST_CASE("the hash that places keys never changes between releases") {
  CHECK(Key::make("default", "cart:42")->hash() == 0x95d18f2437238b66ULL);
}

TEST_CASE("keys are ordered by hash, so that a partition is one range of them") {
  std::vector<Key> keys;
  for (int i = 0; i < 200; ++i) keys.push_back(*Key::make("b", "k" + std::to_string(i)));
  std::ranges::sort(keys);
  CHECK(std::ranges::is_sorted(keys, {}, &Key::hash));
  CHECK(std::ranges::adjacent_find(keys) == keys.end());
}

TEST_CASE("the salt of a table moves keys between slots and leaves their own hash alone") {
  const Key key = *Key::make("b", "k");
  CHECK(KeyHash{1}(key) == KeyHash{1}(key));
  CHECK(KeyHash{1}(key) != KeyHash{2}(key));
}

TEST_CASE("an empty key has no bucket and no bytes") {
  const Key key;
  CHECK(key.empty());
  CHECK(key.bucket().empty());
  CHECK(key.key().empty());
}
