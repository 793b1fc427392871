// Frames made by hand, independent of the encoder: frames that it would never write, and expectations of its output.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/hash.h"
#include "engine/protocol/codec.h"

namespace dkv::testing {

// The kind byte of a message: its index in Message, from 1.
enum class Kind : std::uint8_t {
  kReplicaPut = 1,
  kReplicaPutAck,
  kReplicaGet,
  kReplicaGetReply,
  kForward,
  kForwardReply,
  kHeartbeat,
  kAntiEntropyRoots,
  kAntiEntropyLeaves,
  kAntiEntropyKeys,
  kAntiEntropyObjects,
  kReapAsk,
  kReapHeld,
  kReapForget,
  kLaterLife
};

class Bytes {
 public:
  Bytes& u8(std::uint64_t n) { return little(n, 1); }
  Bytes& u16(std::uint64_t n) { return little(n, 2); }
  Bytes& u32(std::uint64_t n) { return little(n, 4); }
  Bytes& u64(std::uint64_t n) { return little(n, 8); }
  Bytes& varint(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) u8(0x80 | (n & 0x7f));
    return u8(n);
  }
  Bytes& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  Bytes& sized(std::string_view bytes) { return varint(bytes.size()).raw(bytes); }
  // A key of the bucket "default".
  Bytes& key(std::string_view name) {
    return sized(
        "\x07"
        "default" +
        std::string(name));
  }
  // An entry of a clock. The actor is {high, low = 1}.
  Bytes& entry(std::uint64_t high, std::uint64_t epoch, std::uint64_t counter) {
    return u64(high).u64(1).varint(epoch).varint(counter);
  }
  const std::string& str() const { return bytes_; }

 private:
  Bytes& little(std::uint64_t n, int count) {
    for (int i = 0; i < count; ++i) bytes_ += static_cast<char>(n >> 8 * i & 0xff);
    return *this;
  }
  std::string bytes_;
};

// The frame with corrected length and checksum.
inline std::string resealed(std::string frame) {
  if (frame.size() < kFrameHeaderBytes) return frame;
  const std::uint64_t sum = hash64(std::string_view(frame).substr(8));
  return Bytes().u32(frame.size()).u32(sum & 0xffffffff).str() + frame.substr(8);
}

inline std::string sealed(Kind kind, const Bytes& body) {
  return resealed(Bytes().u64(0).u8(kProtocolVersion).u8(static_cast<std::uint8_t>(kind)).u16(0).str() + body.str());
}

// The error of decode_frame(); empty when the frame decodes.
inline std::string error_of(std::string_view frame) {
  const Result<Message> message = decode_frame(frame);
  return message ? std::string() : message.error().what;
}
inline std::string error_of(Kind kind, const Bytes& body) {
  return error_of(sealed(kind, body));
}

inline std::string encoded(const Message& message) {
  std::string frame;
  encode_frame(message, frame);
  return frame;
}

}  // namespace dkv::testing
