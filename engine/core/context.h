#pragma once

#include <string>
#include <string_view>

#include "engine/core/hlc.h"
#include "engine/core/result.h"
#include "engine/core/version_vector.h"

namespace dkv {

// What a reader has seen of a key. It hands this back with its write, which then replaces all that was seen.
// hlc is the latest timestamp among the versions seen: the new write's timestamp must be later, or last-write-wins
// would contradict causality and replicas could disagree for ever.
struct Context {
  VersionVector seen;
  Hlc hlc;
  friend bool operator==(const Context&, const Context&) = default;
};

// What a client may claim to have seen. Anybody can forge a token (the checksum guards against accidents only), and
// both numbers must leave room for later ones: a counter of 2^64-1 would have no successor.
inline constexpr std::uint64_t kContextCounterMax = std::uint64_t{1} << 62;
inline constexpr Hlc kContextHlcMax{std::uint64_t{1} << 62};  // in the year 4199

// The opaque token that a client holds: a version byte, the content, a checksum; 17 bytes, and 28 for each entry
// or isolated dot. Binary; HTTP adds base64.
std::string encode_context(const Context& context);
// Names what is wrong: too short, unknown version, checksum, number, order or range of entries. An empty token is an
// empty context. Allocates nothing before the length has been found to fit the number of entries.
Result<Context> decode_context(std::string_view token);

}  // namespace dkv
