#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/protocol/messages.h"

namespace dkv {

inline constexpr std::uint8_t kProtocolVersion = 1;
// length, checksum, version, kind: see ARCHITECTURE.md for the layout.
inline constexpr std::size_t kFrameHeaderBytes = 12;

// One frame: header and body. Appends to out, so that frames of one turn share a buffer.
void encode_frame(const Message& message, std::string& out);

// The bytes of the whole frame whose first kFrameHeaderBytes stand in header, so that a reader knows how much to wait
// for. Fails on an unknown version or kind, or a length over kFrameBytesMax.
Result<std::size_t> frame_bytes(std::string_view header);

// Exactly one frame. Every count is checked against the bytes that remain before anything is allocated for it; the error
// names the message, the field and the rule.
Result<Message> decode_frame(std::string_view frame);

}  // namespace dkv
