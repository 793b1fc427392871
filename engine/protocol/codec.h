#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/protocol/messages.h"

namespace dkv {

inline constexpr std::uint8_t kProtocolVersion = 2;
// Length, checksum, version, kind; the layout of the frame stands in wire_format.h.
inline constexpr std::size_t kFrameHeaderBytes = 12;

// One frame: header and body. Appends to out, so that frames of one turn share a buffer. The message must keep what
// messages.h and client.h promise of it, and fit into kFrameBytesMax: anything else is a broken invariant.
void encode_frame(const Message& message, std::string& out);

// Never less than the bytes of the message's frame, and cheap: a message whose bound is at most kFrameBytesMax can be
// encoded. An object can be larger than a frame (several siblings of kValueBytesMax each): who sends copies asks first.
std::size_t frame_bytes_bound(const Message& message);
// What one key and its object (null: none) add to a message at most.
std::size_t copy_bytes_bound(const Key& key, const ObjectPtr& object);

// The bytes of the whole frame whose first kFrameHeaderBytes stand in header, so that a reader knows how much to wait
// for. Fails on an unknown version or kind, or a length over kFrameBytesMax.
Result<std::size_t> frame_bytes(std::string_view header);

// Exactly one frame. Every count is checked against the bytes that remain before anything is allocated for it; the
// error names the message, the field and the rule.
Result<Message> decode_frame(std::string_view frame);

}  // namespace dkv
