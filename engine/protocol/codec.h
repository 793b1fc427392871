#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/protocol/messages.h"

namespace dkv {

inline constexpr std::uint8_t kProtocolVersion = 4;
// Length, checksum, version, kind. wire_format.h describes the layout of a frame.
inline constexpr std::size_t kFrameHeaderBytes = 12;

// Appends one frame, header and body, so that the frames of one turn share a buffer. The message must keep the
// promises of messages.h and client.h and fit into kFrameBytesMax. Otherwise an assertion fails.
void encode_frame(const Message& message, std::string& out);

// A cheap upper bound of the size of the message's frame. A message whose bound is at most kFrameBytesMax can be
// encoded. An object may be larger than a frame (several siblings of kValueBytesMax each), so a sender of copies
// checks first.
std::size_t frame_bytes_bound(const Message& message);
// The most bytes that one key and its object (null: none) add to a message.
std::size_t copy_bytes_bound(const Key& key, const ObjectPtr& object);

// The size of the whole frame that begins with this header of kFrameHeaderBytes, so that a reader knows how many
// bytes to wait for. Fails on an unknown version or kind, or a length over kFrameBytesMax.
Result<std::size_t> frame_bytes(std::string_view header);

// Decodes exactly one frame. Every count is checked against the remaining bytes before memory is allocated for it.
// The error names the message, the field and the rule.
Result<Message> decode_frame(std::string_view frame);

}  // namespace dkv
