#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

// What two nodes say to each other before the first frame. The one that connects says hello and who it takes the other
// for; the other answers with the same, or refuses without a reason. Afterwards frames go from the one that connected
// to the other, and nothing goes back.
//
//   "DKVP"  u8 protocol version, u8 kind, u16 bytes of text, u32 from, u32 to, u32 incarnation, u64 membership, text
//
// Numbers are little-endian. The text is the cluster's name; in a refusal the sentence of every refusal.
struct Hello {
  enum class Kind : std::uint8_t { kHello = 1, kWelcome = 2, kRefused = 3 };
  Kind kind = Kind::kHello;
  std::uint8_t version = 0;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Incarnation incarnation = 0;
  std::uint64_t membership = 0;  // digest of members, partitions and replicas: equal at all nodes
  std::string text;
};

inline constexpr std::size_t kHelloHeadBytes = 28;
inline constexpr std::size_t kHelloTextBytesMax = 512;

// Longer text is cut.
std::string encode_hello(const Hello& hello);
// The bytes of the whole, from its first kHelloHeadBytes. Fails on anything that is no hello.
Result<std::size_t> hello_bytes(std::string_view head);
// Exactly one.
Result<Hello> decode_hello(std::string_view bytes);

}  // namespace dkv
