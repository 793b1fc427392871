#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/protocol/codec.h"

namespace dkv {

// The version of the hello. The version of the frames is part of it: it is raised with either.
inline constexpr std::uint8_t kHelloVersion = 5;
static_assert(kHelloVersion > kProtocolVersion);

// The exchange between two nodes before the first frame. The connecting node sends a hello, which names the node that
// it expects. The other node answers with a welcome, or refuses. Afterwards frames go only from the connecting node to
// the other one.
//
//   "DKVP"  u8 version, u8 kind, u16 bytes of text, u32 from, u32 to, u32 incarnation, u64 membership,
//   u32 previous, u64 start, u64 u64 folder, u16 bytes of settings, text, settings
//
// Numbers are little-endian. The text is the cluster's name. In a refusal it is kRefusalText. The first line is that of
// all versions; of another version nothing else is read.
struct Hello {
  enum class Kind : std::uint8_t {
    kHello = 1,
    kWelcome = 2,
    kRefused = 3,
    kTwin = 4,  // refused, as another process with the caller's name is heard: `incarnation` is its life
    kLate = 5,  // refused, as a later life of the caller was heard: `incarnation` is that one
  };
  Kind kind = Kind::kHello;
  std::uint8_t version = kHelloVersion;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Incarnation incarnation = 0;
  std::uint64_t membership = 0;  // digest of the agreement: equal at all nodes
  Incarnation previous = 0;      // the life before, by the caller's folder; 0: none
  std::uint64_t start = 0;       // random: names this process
  ActorId folder;                // FolderMark::folder
  std::string text;
  std::string settings;  // encode_agreement(); empty in an answer
};

inline constexpr std::size_t kHelloHeadBytes = 28;  // of every version
inline constexpr std::size_t kHelloFixedBytes = kHelloHeadBytes + 4 + 8 + 16 + 2;
inline constexpr std::size_t kHelloTextBytesMax = 512;

// Text beyond kHelloTextBytesMax is cut.
std::string encode_hello(const Hello& hello);
// The number of bytes to have before the next call, as far as `head` tells. The hello is whole when `head` has that
// many. head: the bytes so far, at least kHelloHeadBytes. Fails when they begin no hello.
Result<std::size_t> hello_bytes(std::string_view head);
// bytes: exactly one hello. Of another version only the fields of the head and the text.
Result<Hello> decode_hello(std::string_view bytes);

}  // namespace dkv
