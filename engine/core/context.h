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
  // The client's own last write, when `seen` can't name it: other writes of the same actor came between, which the
  // client has not seen and must not replace. counter 0: none.
  Dot own = {};

  bool covers(const Dot& dot) const noexcept { return seen.covers(dot) || (own.counter != 0 && own == dot); }
  // The highest counter named of the actor; the next dot of this actor must be above it.
  std::uint64_t counter(const Actor& actor) const noexcept;
  bool empty() const noexcept { return seen.empty() && own.counter == 0; }
  friend bool operator==(const Context&, const Context&) = default;
};

// What a client has seen after its write: its context and the new dot, and nothing that it has not been shown. An own
// write that stood outside `seen` is forgotten when the new one must stand there: the new one has replaced it.
Context after_write(const Context& context, const Dot& written, Hlc hlc);

// What a client may claim to have seen. Anybody can forge a token (the checksum guards against accidents only), and
// both numbers must leave room for later ones: a counter of 2^64-1 would have no successor.
inline constexpr std::uint64_t kContextCounterMax = std::uint64_t{1} << 62;
inline constexpr Hlc kContextHlcMax{std::uint64_t{1} << 62};  // in the year 4199

// The opaque token that a client holds: a version byte, the content, a checksum; 16 bytes, 28 for each entry
// and 28 for an own write.
// Binary; HTTP adds base64.
std::string encode_context(const Context& context);
// Names what is wrong: too short, unknown version, checksum, number, order or range of entries. An empty token is an
// empty context. Allocates nothing before the length has been found to fit the number of entries.
Result<Context> decode_context(std::string_view token);

}  // namespace dkv
