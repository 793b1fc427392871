#include "engine/runtime/net/hello.h"

#include "tests/catch.h"

namespace dkv {
namespace {

const Hello kHello{.kind = Hello::Kind::kHello,
                   .version = 3,
                   .from = 1,
                   .to = 2,
                   .incarnation = 77,
                   .membership = 0x0123456789abcdef,
                   .text = "demo"};

}  // namespace

TEST_CASE("a hello comes out as it went in") {
  const std::string bytes = encode_hello(kHello);
  CHECK(hello_bytes(bytes.substr(0, kHelloHeadBytes)) == bytes.size());
  const auto back = decode_hello(bytes);
  REQUIRE(back);
  CHECK(back->kind == kHello.kind);
  CHECK(back->version == 3);
  CHECK(back->from == 1);
  CHECK(back->to == 2);
  CHECK(back->incarnation == 77);
  CHECK(back->membership == 0x0123456789abcdef);
  CHECK(back->text == "demo");
}

TEST_CASE("a long text is cut, and a hello with a longer one is refused") {
  Hello hello = kHello;
  hello.text.assign(5000, 'x');
  std::string bytes = encode_hello(hello);
  CHECK(bytes.size() == kHelloHeadBytes + kHelloTextBytesMax);
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
