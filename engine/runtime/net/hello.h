#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

// The exchange between two nodes before the first frame. The connecting node sends a hello, which names the node that
// it expects. The other node answers with a welcome, or refuses without a reason. Afterwards frames go only from the
// connecting node to the other one.
//
//   "DKVP"  u8 protocol version, u8 kind, u16 bytes of text, u32 from, u32 to, u32 incarnation, u64 membership, text
//
// Numbers are little-endian. The text is the cluster's name. In a refusal it is kRefusalText.
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

// Text beyond kHelloTextBytesMax is cut.
std::string encode_hello(const Hello& hello);
// The size of the whole hello, from its first kHelloHeadBytes. Fails when they begin no hello.
Result<std::size_t> hello_bytes(std::string_view head);
// bytes: exactly one hello.
Result<Hello> decode_hello(std::string_view bytes);

}  // namespace dkv
