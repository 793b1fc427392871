#pragma once

#include <string>
#include <string_view>

#include "engine/core/hlc.h"
#include "engine/core/result.h"
#include "engine/core/version_vector.h"

namespace dkv {

// The versions of a key that a reader has seen. A client returns it with its write, and the write replaces exactly
// these versions.
// `hlc` is the latest timestamp among them. The new write needs a later timestamp; otherwise last-write-wins would
// contradict causality, and replicas could disagree permanently.
struct Context {
  VersionVector seen;
  Hlc hlc;
  friend bool operator==(const Context&, const Context&) = default;
};

// Limits of a decoded context. Both numbers must leave room for later ones: a counter of 2^64-1 would have no
// successor.
inline constexpr std::uint64_t kContextCounterMax = std::uint64_t{1} << 62;
inline constexpr Hlc kContextHlcMax{std::uint64_t{1} << 62};  // in the year 4199

// Limits of a state that another node or a disk brings. They are higher, because a node goes on counting from the
// greatest number that it accepted of a client. A node that has reached them writes no more to the key.
inline constexpr std::uint64_t kStateCounterMax = std::uint64_t{1} << 63;
inline constexpr Hlc kStateHlcMax{std::uint64_t{1} << 63};

// A context as bytes, 12 and 28 for each entry or isolated dot. Anybody can write such bytes. A client therefore gets
// them inside a sealed token, see engine/gateway/context_seal.h.
std::string encode_context(const Context& context);
// Fails and names the error: length, or the number, order or range of entries. Nothing is allocated before the length
// fits the number of entries.
Result<Context> decode_context(std::string_view bytes);
inline constexpr std::size_t kContextBytesMin = 12, kContextBytesMax = 12 + 28 * kVersionVectorEntriesMax;
// The length that the bytes of a context need, by their beginning; at most kContextBytesMax if the context is valid.
// bytes: at least kContextBytesMin.
std::size_t context_bytes(std::string_view bytes) noexcept;

}  // namespace dkv
