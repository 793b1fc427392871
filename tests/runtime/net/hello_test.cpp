#include "engine/runtime/net/hello.h"

#include "tests/catch.h"

namespace dkv {
namespace {

const Hello kHello{.kind = Hello::Kind::kHello,
                   .from = 1,
                   .to = 2,
                   .incarnation = 77,
                   .membership = 0x0123456789abcdef,
                   .previous = 76,
                   .start = 0xfedcba9876543210,
                   .folder = {5, 6},
                   .text = "demo",
                   .settings = "some settings"};

}  // namespace

TEST_CASE("a hello comes out as it went in") {
  const std::string bytes = encode_hello(kHello);
  CHECK(hello_bytes(bytes.substr(0, kHelloHeadBytes)) == kHelloFixedBytes);
  CHECK(hello_bytes(bytes.substr(0, kHelloFixedBytes)) == bytes.size());
  const auto back = decode_hello(bytes);
  REQUIRE(back);
  CHECK(back->kind == kHello.kind);
  CHECK(back->version == kHelloVersion);
  CHECK(back->from == 1);
  CHECK(back->to == 2);
  CHECK(back->incarnation == 77);
  CHECK(back->membership == 0x0123456789abcdef);
  CHECK(back->previous == 76);
  CHECK(back->start == 0xfedcba9876543210);
  CHECK(back->folder == ActorId{5, 6});
  CHECK(back->text == "demo");
  CHECK(back->settings == "some settings");
}

TEST_CASE("of a hello of another version only the common part is read") {
  std::string bytes = encode_hello(kHello).substr(0, kHelloHeadBytes) + "demo";
  bytes[4] = 3;
  CHECK(hello_bytes(bytes.substr(0, kHelloHeadBytes)) == bytes.size());
  const auto other = decode_hello(bytes);
  REQUIRE(other);
  CHECK(other->version == 3);
  CHECK(other->from == 1);
  CHECK(other->text == "demo");
  Hello refusal = kHello;
  refusal.version = 3;
  CHECK(encode_hello(refusal).size() == bytes.size());
}

TEST_CASE("a long text is cut, and a hello with a longer one is refused") {
  Hello hello = kHello;
  hello.text.assign(5000, 'x');
  std::string bytes = encode_hello(hello);
  CHECK(bytes.size() == kHelloFixedBytes + kHelloTextBytesMax + kHello.settings.size());
  bytes[7] = '\x7f';
  CHECK_FALSE(hello_bytes(bytes));
}

TEST_CASE("bytes that are no hello are refused") {
  const std::string good = encode_hello(kHello);
  CHECK_FALSE(hello_bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK_FALSE(hello_bytes(good.substr(0, kHelloHeadBytes - 1)));
  CHECK_FALSE(decode_hello(good.substr(0, good.size() - 1)));
  std::string unknown = good;
  unknown[5] = 9;
  CHECK_FALSE(decode_hello(unknown));
}

}  // namespace dkv
