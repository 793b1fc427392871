// One frame of each kind, byte by byte, so that the format cannot change unnoticed. A change here needs a new
// protocol version.
#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {
namespace {

static_assert(kProtocolVersion == 4, "the frames below are those of version 4");
static_assert(kFrameHeaderBytes == 12);

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

Message sample(std::string_view name) {
  for (const Sample& candidate : sample_messages()) {
    if (candidate.name == name) return candidate.message;
  }
  FAIL("no sample " << name);
  return {};
}

TEST_CASE("the bytes of a copy to a replica stay as they are") {
  const std::string frame =
      "48000000a072ed6c04010000"
      "070000000000000000090764656661756c7461011111111111111111efcdab896745230101030001"
      "00000303000000000090010576616c756503ac02";
  REQUIRE(hex(encoded(sample("replica-put-write"))) == frame);
}

TEST_CASE("the bytes of an acknowledgement stay as they are") {
  const std::string frame =
      "1500000062bc1e3704020000"
      "070000000000000001";
  REQUIRE(hex(encoded(sample("replica-put-ack-stored"))) == frame);
}

TEST_CASE("the bytes of a read at a replica stay as they are") {
  const std::string frame =
      "210000001b2931ae04030000"
      "09000000000000000c0764656661756c7463617274";
  REQUIRE(hex(encoded(sample("replica-get"))) == frame);
}

TEST_CASE("the bytes of a replica's answer stay as they are") {
  const std::string frame =
      "8100000083f22a0d04040000"
      "090000000000000001031111111111111111efcdab896745230101ac022222222222222222efcdab"
      "896745230102093333333333333333efcdab8967452301030600030002ac022c01000000009001d1"
      "df04036f6e650101080800000000009001020405050000000000900100002a36fe9c971700";
  REQUIRE(hex(encoded(sample("replica-get-reply-found"))) == frame);
}

TEST_CASE("the bytes of a forwarded request stay as they are") {
  const std::string frame =
      "5b0000004ad1f09404050000"
      "0b0000000000000001000000000100010000000000000000002a01626b6b6b6b6b6b6b6b6b6b6b6b"
      "6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b0000000000000000000000";
  REQUIRE(hex(encoded(sample("forward-get"))) == frame);
}

TEST_CASE("the bytes of a forwarded reply stay as they are") {
  const std::string frame =
      "cc0000007f0ec78504060000"
      "0c000000000000000000030201020400000001031111111111111111efcdab896745230101ac0222"
      "22222222222222efcdab896745230102093333333333333333efcdab8967452301030600030002ac"
      "022c01000000009001d1df04036f6e65010108080000000000900102040505000000000090010000"
      "2a36fe9c971700031111111111111111efcdab896745230101ac022222222222222222efcdab8967"
      "45230102093333333333333333efcdab89674523010306002c01000000009001";
  REQUIRE(hex(encoded(sample("forward-reply-done"))) == frame);
}

TEST_CASE("the bytes of a heartbeat stay as they are") {
  const std::string frame =
      "1c000000cee2a0ec04070000"
      "0301ac02ab020715cd853dfe9c971700";
  REQUIRE(hex(encoded(sample("heartbeat"))) == frame);
}

TEST_CASE("the bytes of the roots of anti-entropy stay as they are") {
  const std::string frame =
      "2a0000004007204804080000"
      "0300edfe00000000000005efbe000000000000ffff030100000000000000";
  REQUIRE(hex(encoded(sample("anti-entropy-roots"))) == frame);
}

TEST_CASE("the bytes of the leaves of anti-entropy stay as they are") {
  Bytes hashes;
  for (std::uint64_t i = 0; i < 64; ++i) hashes.u64(mix64(5 * 64 + i));
  const std::string frame =
      "0e020000f0a0dd9004090000"
      "0105";
  REQUIRE(hex(encoded(sample("anti-entropy-leaves"))) == frame + hex(hashes.str()));
}

TEST_CASE("the bytes of the keys of anti-entropy stay as they are") {
  const std::string frame =
      "600000004eac843c040a0000"
      "11010000000000008000000000000000003412000000000000030a0764656661756c746262596ed1"
      "0000000000090764656661756c7461586ed100000000000c0764656661756c74636172745b6ed100"
      "00000000";
  REQUIRE(hex(encoded(sample("anti-entropy-keys"))) == frame);
}

TEST_CASE("the bytes of the objects of anti-entropy stay as they are") {
  const std::string frame =
      "c3000000a1b14c86040b0000"
      "02090764656661756c7461011111111111111111efcdab8967452301010300010000030300000000"
      "0090010576616c75650c0764656661756c7463617274031111111111111111efcdab896745230101"
      "ac022222222222222222efcdab896745230102093333333333333333efcdab896745230103060003"
      "0002ac022c01000000009001d1df04036f6e65010108080000000000900102040505000000000090"
      "0100002a36fe9c97170001090764656661756c747a0000";
  REQUIRE(hex(encoded(sample("anti-entropy-objects"))) == frame);
}

TEST_CASE("the bytes of a question about states stay as they are") {
  const std::string frame =
      "70000000893acc1a040c0000"
      "0502090764656661756c7461edfe00000000000000000000090764656661756c7462efbe00000000"
      "0000021111111111111111efcdab896745230101032222222222222222efcdab8967452301020900"
      "011111111111111111efcdab8967452301010100";
  REQUIRE(hex(encoded(sample("reap-ask"))) == frame);
}

TEST_CASE("the bytes of the states that are held stay as they are") {
  const std::string frame =
      "3400000019062218040d0000"
      "ac020502010000000000000002000000000000000301090764656661756c7461edfe000000000000";
  REQUIRE(hex(encoded(sample("reap-held"))) == frame);
}

TEST_CASE("the bytes of the states to forget stay as they are") {
  const std::string frame =
      "48000000d4632d16040e0000"
      "0702090764656661756c7461edfe0000000000000000090764656661756c7462efbe000000000000"
      "011111111111111111efcdab8967452301010200";
  REQUIRE(hex(encoded(sample("reap-forget"))) == frame);
}

TEST_CASE("the bytes of a notice of a later life stay as they are") {
  const std::string frame =
      "0f000000a3753523040f0000"
      "05ac02";
  REQUIRE(hex(encoded(sample("later-life"))) == frame);
}

}  // namespace
}  // namespace dkv::testing
