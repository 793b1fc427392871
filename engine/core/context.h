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

// Limits of a decoded context. The checksum guards against accidents only, so anybody can forge a token. Both numbers
// must leave room for later ones: a counter of 2^64-1 would have no successor.
inline constexpr std::uint64_t kContextCounterMax = std::uint64_t{1} << 62;
inline constexpr Hlc kContextHlcMax{std::uint64_t{1} << 62};  // in the year 4199

// Limits of a state that another node or a disk brings. They are higher, because a node goes on counting from the
// greatest number that it accepted of a client. A node that has reached them writes no more to the key.
inline constexpr std::uint64_t kStateCounterMax = std::uint64_t{1} << 63;
inline constexpr Hlc kStateHlcMax{std::uint64_t{1} << 63};

// The opaque token that a client holds: a version byte, the content and a checksum. It takes 17 bytes, and 28 for
// each entry or isolated dot. It is binary; HTTP adds base64.
std::string encode_context(const Context& context);
// Fails and names the error: length, version, checksum, or the number, order or range of entries. An empty token is
// an empty context. Nothing is allocated before the length fits the number of entries.
Result<Context> decode_context(std::string_view token);

}  // namespace dkv
