#include "engine/core/context.h"

#include <rapidcheck.h>

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

std::string why(std::string_view bytes) {
  const auto decoded = decode_context(bytes);
  return decoded ? "accepted" : decoded.error().what;
}

}  // namespace

TEST_CASE("a context comes back from its bytes as it was") {
  REQUIRE(rc::check([] {
    const auto numbers = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::arbitrary<std::uint64_t>());
    VersionVector seen;
    for (const std::uint64_t number : numbers) {
      const Actor actor{{mix64(number), number}, static_cast<std::uint32_t>(number % 7)};
      seen = seen.with({actor, 1 + (number % 2 == 0 ? 0 : mix64(number) % kContextCounterMax)});
    }
    const Context context{seen, Hlc{mix64(numbers.size()) >> 2}};
    const std::string token = encode_context(context);
    RC_ASSERT(token.size() == context_bytes(token));
    RC_ASSERT(token.size() == 12 + 28 * (seen.entries().size() + seen.isolated().size()));
    const auto decoded = decode_context(token);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == context);
  }));
}

TEST_CASE("the largest context fits, one entry more does not") {
  const Context largest = context_of(kVersionVectorEntriesMax);
  CHECK(*decode_context(encode_context(largest)) == largest);
  std::string body = encode_context(largest);
  body[8] = 0x01;
  body[9] = 0x20;  // 8,193
  body.append(28, '\xff');
  CHECK(why(body) == "the context has 8193 entries, at most 8192 are possible");
}

TEST_CASE("every truncation of a context is refused with a reason") {
  for (std::size_t entries = 0; entries < 4; ++entries) {
    const std::string bytes = encode_context(context_of(entries, true));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const std::string reason = why(std::string_view(bytes).substr(0, length));
      REQUIRE((reason.find("cut short") != std::string::npos || reason.find("does not fit") != std::string::npos));
    }
    CHECK_THAT(why(bytes + "x"), ContainsSubstring("does not fit its"));
  }
}

TEST_CASE("the reason names what is wrong with a forged context") {
  const Context one = context_of(1);
  CHECK(why("abc") == "the context is cut short: 3 bytes, at least 12 are needed");
  std::string body = encode_context(one);
  body[8] = 0x7f;
  CHECK(why(body) == "the context's length of 40 bytes does not fit its 127 entries");
  body = encode_context(one);
  std::fill(body.end() - 8, body.end(), '\0');
  CHECK(why(body) == "the counter is 0 in entry 1 of the context");
  std::fill(body.end() - 8, body.end(), '\xff');
  CHECK(why(body) == "the counter is out of range in entry 1 of the context");
  body = encode_context(one);
  body[7] = '\x7f';
  CHECK(why(body) == "the context's timestamp is out of range");
}

TEST_CASE("actors that are repeated or out of order are refused") {
  std::string body = encode_context(context_of(2));
  const std::string first = body.substr(12, 28);
  const std::string second = body.substr(40, 28);
  const std::string header = body.substr(0, 12);
  CHECK(why(header + first + second) == "accepted");
  CHECK(why(header + second + first) == "the actors are out of order in entry 2 of the context");
  CHECK(why(header + first + first) == "the actors are out of order in entry 2 of the context");
}

TEST_CASE("isolated dots that are not isolated, or out of order, are refused") {
  const std::string body = encode_context(context_of(2, true));
  REQUIRE(why(body) == "accepted");
  const std::string reason = "the context's isolated dots are out of order or not isolated";
  const std::string one = body.substr(12 + 56, 28);
  const std::string other = body.substr(12 + 84, 28);
  CHECK(why(body.substr(0, 12 + 56) + other + one) == reason);
  CHECK(why(body.substr(0, 12 + 56) + one + one) == reason);
  std::string adjacent = body;
  adjacent[12 + 56 + 20] = 2;  // the entry's counter is 1
  CHECK(why(adjacent) == reason);
}

TEST_CASE("any bytes at all are either refused or a context that encodes to the same bytes") {
  REQUIRE(rc::check([] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto decoded = decode_context(bytes);
    if (decoded) {
      RC_ASSERT(encode_context(*decoded) == bytes);
    } else {
      RC_ASSERT(!decoded.error().what.empty());
    }
  }));
}
