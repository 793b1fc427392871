#include "engine/gateway/context_seal.h"

#include <map>

#include "tests/catch.h"

namespace dkv {
namespace {

ClusterSecret secret_of(unsigned char byte) {
  ClusterSecret secret;
  for (unsigned char& each : secret.bytes) each = byte++;
  return secret;
}

Key key_of(std::string_view key, std::string_view bucket = kDefaultBucket) {
  return *Key::make(bucket, key);
}

Context context_of(std::uint64_t counter) {
  const Actor actor{ActorId{0xa, 0xb}, 3};
  return {VersionVector().with({actor, 1}).with({actor, counter}), Hlc{77}};
}

const ContextSeal& shop() {
  static const ContextSeal kSeal("shop", {.current = secret_of(1), .accepted = {}});
  return kSeal;
}

// The reason of a refusal.
std::string why(const Result<Context>& opened) {
  if (opened) return "accepted";
  CHECK_THAT(opened.error().what, ContainsSubstring("the context is refused: ") && ContainsSubstring("; read the key"));
  return opened.error().what;
}

bool says(const Result<Context>& opened, const std::string& reason) {
  return why(opened).find(reason) != std::string::npos;
}

}  // namespace

TEST_CASE("a context comes back from its token for its key") {
  for (const std::uint64_t counter : {1, 2, 3}) {
    const std::string token = shop().seal(key_of("k"), context_of(counter));
    const auto opened = shop().open(key_of("k"), token);
    REQUIRE(opened);
    CHECK(*opened == context_of(counter));
    CHECK(token.size() == ContextSeal::kBytesMin + 28 * (counter == 3 ? 2 : 1));
  }
}

TEST_CASE("an empty token is an empty context") {
  const auto opened = shop().open(key_of("k"), "");
  REQUIRE(opened);
  CHECK(*opened == Context{});
}

TEST_CASE("a token of another key or bucket is refused, and the reason says so") {
  const std::string token = shop().seal(key_of("k"), context_of(1));
  CHECK(says(shop().open(key_of("j"), token), "another key"));
  CHECK(says(shop().open(key_of("k", "carts"), token), "another key"));
  // With the mark of the other key the MAC is still wrong.
  std::string swapped = token;
  swapped.replace(5, 4, shop().seal(key_of("j"), context_of(1)), 5, 4);
  CHECK(says(shop().open(key_of("j"), swapped), "changed or forged"));
}

// The mark of a key has 32 bits, so two keys may share it. Only the MAC tells them apart then.
TEST_CASE("a token of a key with the same mark is refused by its MAC") {
  std::map<std::uint32_t, std::string> by_mark;
  for (int i = 0;; ++i) {
    REQUIRE(i < 1'000'000);
    const std::string name = std::to_string(i);
    const auto [twin, fresh] = by_mark.try_emplace(static_cast<std::uint32_t>(key_of(name).hash()), name);
    if (fresh) continue;
    CHECK(says(shop().open(key_of(name), shop().seal(key_of(twin->second), context_of(1))), "changed or forged"));
    return;
  }
}

TEST_CASE("a token of another cluster is refused by its name and by its secret") {
  const ContextSeal other_name("bank", {.current = secret_of(1), .accepted = {}});
  const ContextSeal other_secret("shop", {.current = secret_of(2), .accepted = {}});
  for (const ContextSeal* other : {&other_name, &other_secret}) {
    std::string token = other->seal(key_of("k"), context_of(1));
    CHECK(says(shop().open(key_of("k"), token), "another cluster"));
    token.replace(1, 4, shop().seal(key_of("k"), context_of(1)), 1, 4);
    CHECK(says(shop().open(key_of("k"), token), "changed or forged"));
  }
}

TEST_CASE("while a secret is replaced, tokens of both are accepted, and the new one seals") {
  const ContextSeal before("shop", {.current = secret_of(1), .accepted = {}});
  const ContextSeal knows("shop", {.current = secret_of(1), .accepted = {secret_of(2)}});
  const ContextSeal during("shop", {.current = secret_of(2), .accepted = {secret_of(1)}});
  const ContextSeal after("shop", {.current = secret_of(2), .accepted = {}});
  const Key key = key_of("k");
  const std::string old = before.seal(key, context_of(1)), fresh = during.seal(key, context_of(2));
  CHECK(knows.seal(key, context_of(1)) == old);
  CHECK(after.seal(key, context_of(2)) == fresh);
  for (const ContextSeal* both : {&knows, &during}) {
    CHECK(both->open(key, old) == context_of(1));
    CHECK(both->open(key, fresh) == context_of(2));
  }
  CHECK(says(before.open(key, fresh), "another cluster"));
  CHECK(says(after.open(key, old), "a secret that has ended"));
}

TEST_CASE("every flipped bit of a token is refused") {
  const std::string token = shop().seal(key_of("k"), context_of(3));
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    REQUIRE_FALSE(shop().open(key_of("k"), flipped));
    if (bit / 8 >= ContextSeal::kHeadBytes + kContextBytesMin) {
      REQUIRE(says(shop().open(key_of("k"), flipped), "changed or forged"));
    }
  }
}

TEST_CASE("every truncation of a token is called that, and bytes behind it are refused") {
  const std::string token = shop().seal(key_of("k"), context_of(3));
  for (std::size_t length = 1; length < token.size(); ++length) {
    REQUIRE(says(shop().open(key_of("k"), std::string_view(token).substr(0, length)), "cut short"));
  }
  CHECK(says(shop().open(key_of("k"), token + "x"), "bytes follow its end"));
  CHECK(says(shop().open(key_of("k"), std::string(ContextSeal::kBytesMax + 1, '\2')), "longer than any context"));
}

TEST_CASE("a token without a MAC is one of an earlier release, and other versions are named") {
  CHECK(says(shop().open(key_of("k"), "\x01" + encode_context(context_of(1)) + "sum4"), "no MAC"));
  CHECK(says(shop().open(key_of("k"), "\x09" + std::string(80, 'x')), "version 9, and only 2 is known"));
}

TEST_CASE("the content of one token and the MAC of another make no token") {
  const std::string one = shop().seal(key_of("k"), context_of(1)), two = shop().seal(key_of("k"), context_of(2));
  REQUIRE(one.size() == two.size());
  const std::size_t body = one.size() - ContextSeal::kMacBytes;
  CHECK(says(shop().open(key_of("k"), one.substr(0, body) + two.substr(body)), "changed or forged"));
}

// The token is what clients keep across upgrades of the store.
TEST_CASE("the bytes of a token stay as they are") {
  const std::string token = shop().seal(key_of("k"), context_of(1));
  std::string hex;
  for (const char byte : token) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) & 0xf];
  }
  // 02, the marks of secret and key, the timestamp, one entry, no isolated dot, the entry, the MAC. Another program
  // made the MAC from the same secret, with BLAKE2b as Python has it.
  CHECK(hex ==
        "02"
        "c7a187a3"
        "ed04e65d"
        "4d00000000000000"
        "0100"
        "0000"
        "0a000000000000000b00000000000000030000000100000000000000"
        "ac1a4ff44b09d16c6f22351d6b0ab84a");
}

}  // namespace dkv
