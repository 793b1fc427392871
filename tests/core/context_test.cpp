#include "engine/core/context.h"

#include <rapidcheck.h>

#include <bit>
#include <vector>

#include "engine/core/hash.h"
#include "tests/catch.h"

using namespace dkv;

namespace {

// With `isolated`, two of three entries have an isolated dot beyond them.
Context context_of(std::size_t entries, bool isolated = false) {
  std::vector<Dot> dots;
  std::vector<Dot> beyond;
  for (std::uint64_t i = 0; i < entries; ++i) {
    dots.push_back({{{i + 1, mix64(i)}, 3}, 10 * i + 1});
    if (isolated && i % 3 != 2) beyond.push_back({dots.back().actor, 10 * i + 3});
  }
  return {VersionVector::from_sorted(dots, beyond), Hlc{0x0123456789ab0001}};
}

// A token with a valid checksum around any content, as a forger would build it.
std::string sealed(std::string body) {
  const auto checksum = static_cast<std::uint32_t>(hash64(body, 1));
  for (int shift = 0; shift < 32; shift += 8) body += static_cast<char>(checksum >> shift & 0xff);
  return body;
}

std::string body_of(const Context& context) {
  std::string token = encode_context(context);
  token.resize(token.size() - 4);
  return token;
}

std::string why(std::string_view token) {
  const auto decoded = decode_context(token);
  return decoded ? "accepted" : decoded.error().what;
}

}  // namespace

TEST_CASE("a context comes back from its token as it was") {
  REQUIRE(rc::check([] {
    const auto numbers = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::arbitrary<std::uint64_t>());
    VersionVector seen;
    for (const std::uint64_t number : numbers) {
      const Actor actor{{mix64(number), number}, static_cast<std::uint32_t>(number % 7)};
      seen = seen.with({actor, 1 + (number % 2 == 0 ? 0 : mix64(number) % kContextCounterMax)});
    }
    const Context context{seen, Hlc{mix64(numbers.size()) >> 2}};
    const std::string token = encode_context(context);
    RC_ASSERT(token.size() == 17 + 28 * (seen.entries().size() + seen.isolated().size()));
    const auto decoded = decode_context(token);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == context);
  }));
}

TEST_CASE("an empty token is an empty context") {
  const auto decoded = decode_context("");
  REQUIRE(decoded.has_value());
  CHECK(*decoded == Context{});
}

TEST_CASE("the largest context fits, one entry more does not") {
  const Context largest = context_of(kVersionVectorEntriesMax);
  CHECK(*decode_context(encode_context(largest)) == largest);
  std::string body = body_of(largest);
  body[9] = 0x01;
  body[10] = 0x20;  // 8,193
  body.append(28, '\xff');
  CHECK(why(sealed(body)) == "the context has 8193 entries, at most 8192 are possible");
}

TEST_CASE("every truncation of a token is refused with a reason") {
  for (std::size_t entries = 0; entries < 4; ++entries) {
    const std::string token = encode_context(context_of(entries, true));
    for (std::size_t length = 1; length < token.size(); ++length) {
      const std::string reason = why(std::string_view(token).substr(0, length));
      REQUIRE((reason.find("cut short") != std::string::npos));
    }
  }
}

TEST_CASE("every flipped bit of a token is refused with a reason") {
  for (std::size_t entries = 0; entries < 5; ++entries) {
    const std::string token = encode_context(context_of(entries, true));
    for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
      std::string flipped = token;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      const std::string reason = why(flipped);
      REQUIRE(reason.find(bit < 8 ? "has version" : "checksum") != std::string::npos);
    }
  }
}

TEST_CASE("bytes behind a token are refused") {
  CHECK_THAT(why(encode_context(context_of(2)) + "x"), ContainsSubstring("checksum"));
  CHECK_THAT(why(sealed(body_of(context_of(2)) + "x")), ContainsSubstring("does not fit its 2 entries"));
}

TEST_CASE("the reason names what is wrong with a forged token") {
  const Context one = context_of(1);
  CHECK(why("abc") == "the context is cut short: 3 bytes, at least 17 are needed");
  std::string body = body_of(one);
  body[0] = 9;
  CHECK(why(sealed(body)) == "the context has version 9; only 1 is known");
  body = body_of(one);
  body[9] = 0x7f;
  CHECK(why(sealed(body)) == "the context's length of 45 bytes does not fit its 127 entries");
  body = body_of(one);
  std::fill(body.end() - 8, body.end(), '\0');
  CHECK(why(sealed(body)) == "the counter is 0 in entry 1 of the context");
  std::fill(body.end() - 8, body.end(), '\xff');
  CHECK(why(sealed(body)) == "the counter is out of range in entry 1 of the context");
  body = body_of(one);
  body[8] = '\x7f';
  CHECK(why(sealed(body)) == "the context's timestamp is out of range");
}

TEST_CASE("actors that are repeated or out of order are refused") {
  std::string body = body_of(context_of(2));
  const std::string first = body.substr(13, 28);
  const std::string second = body.substr(41, 28);
  const std::string header = body.substr(0, 13);
  CHECK(why(sealed(header + first + second)) == "accepted");
  CHECK(why(sealed(header + second + first)) == "the actors are out of order in entry 2 of the context");
  CHECK(why(sealed(header + first + first)) == "the actors are out of order in entry 2 of the context");
}

TEST_CASE("isolated dots that are not isolated, or out of order, are refused") {
  const std::string body = body_of(context_of(2, true));
  REQUIRE(why(sealed(body)) == "accepted");
  const std::string reason = "the context's isolated dots are out of order or not isolated";
  const std::string one = body.substr(13 + 56, 28);
  const std::string other = body.substr(13 + 84, 28);
  CHECK(why(sealed(body.substr(0, 13 + 56) + other + one)) == reason);
  CHECK(why(sealed(body.substr(0, 13 + 56) + one + one)) == reason);
  std::string adjacent = body;
  adjacent[13 + 56 + 20] = 2;  // the entry's counter is 1
  CHECK(why(sealed(adjacent)) == reason);
}

TEST_CASE("any bytes at all are either refused or a context that encodes to the same bytes") {
  REQUIRE(rc::check([] {
    auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    if (*rc::gen::arbitrary<bool>()) bytes = sealed("\x01" + bytes);
    const auto decoded = decode_context(bytes);
    if (decoded) {
      RC_ASSERT(bytes.empty() || encode_context(*decoded) == bytes);
    } else {
      RC_ASSERT(!decoded.error().what.empty());
    }
  }));
}
