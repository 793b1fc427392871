#include "engine/core/context.h"

#include <boost/container/small_vector.hpp>
#include <boost/endian/conversion.hpp>

#include "engine/core/hash.h"

namespace dkv {
namespace {

// Version 1, little-endian: version (1 byte), timestamp (8), number of entries (2), number of isolated dots (2), the
// entries, the isolated dots, checksum of everything before it (4). An entry or a dot takes 28 bytes: the actor's id
// (high 8, low 8), its epoch (4) and the counter (8).
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 1 + 8 + 2 + 2;
constexpr std::size_t kEntryBytes = 8 + 8 + 4 + 8;
constexpr std::size_t kChecksumBytes = 4;
static_assert(kVersionVectorEntriesMax <= UINT16_MAX);

template <typename T>
char* store(char* out, T value) {
  boost::endian::endian_store<T, sizeof(T), boost::endian::order::little>(reinterpret_cast<unsigned char*>(out), value);
  return out + sizeof(T);
}

template <typename T>
T load(const char*& in) {
  const T value = boost::endian::endian_load<T, sizeof(T), boost::endian::order::little>(
      reinterpret_cast<const unsigned char*>(in));
  in += sizeof(T);
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(hash64(bytes, kVersion));
}

char* store(char* out, const Dot& dot) {
  out = store(out, dot.actor.id.high);
  out = store(out, dot.actor.id.low);
  out = store(out, dot.actor.epoch);
  return store(out, dot.counter);
}

Dot load_entry(const char*& in) {
  Dot entry;
  entry.actor.id.high = load<std::uint64_t>(in);
  entry.actor.id.low = load<std::uint64_t>(in);
  entry.actor.epoch = load<std::uint32_t>(in);
  entry.counter = load<std::uint64_t>(in);
  return entry;
}

std::string bad_counter(const Dot& dot) {
  if (dot.counter == 0) return "the counter is 0";
  if (dot.counter > kContextCounterMax) return "the counter is out of range";
  return {};
}

Result<VersionVector> load_entries(const char* in, std::size_t count, std::size_t isolated_count) {
  boost::container::small_vector<Dot, 16> dots;
  dots.reserve(count + isolated_count);
  for (std::size_t i = 0; i < count + isolated_count; ++i) {
    const Dot dot = load_entry(in);
    const auto here = [i] { return " in entry " + std::to_string(i + 1) + " of the context"; };
    if (auto bad = bad_counter(dot); !bad.empty()) return fail(bad + here());
    if (i > 0 && i < count && !(dots.back().actor < dot.actor)) return fail("the actors are out of order" + here());
    dots.push_back(dot);
  }
  const std::span<const Dot> entries(dots.data(), count);
  const std::span<const Dot> isolated(dots.data() + count, isolated_count);
  if (!VersionVector::is_shortest_form(entries, isolated)) {
    return fail("the context's isolated dots are out of order or not isolated");
  }
  return VersionVector::from_sorted(entries, isolated);
}

// Reads a token whose length and checksum have been found correct.
Result<Context> load_content(std::string_view token) {
  const char* in = token.data() + 1;
  Context context;
  context.hlc = Hlc{load<std::uint64_t>(in)};
  const std::size_t entries = load<std::uint16_t>(in);
  const std::size_t isolated = load<std::uint16_t>(in);
  const std::size_t count = entries + isolated;
  if (token.size() != kHeaderBytes + count * kEntryBytes + kChecksumBytes) {
    return fail("the context's length of " + std::to_string(token.size()) + " bytes does not fit its " +
                std::to_string(count) + " entries");
  }
  if (count > kVersionVectorEntriesMax) {
    return fail("the context has " + std::to_string(count) + " entries, at most " +
                std::to_string(kVersionVectorEntriesMax) + " are possible");
  }
  if (context.hlc > kContextHlcMax) return fail("the context's timestamp is out of range");
  Result<VersionVector> seen = load_entries(in, entries, isolated);
  if (!seen) return tl::unexpected(std::move(seen.error()));
  context.seen = std::move(*seen);
  return context;
}

}  // namespace

std::string encode_context(const Context& context) {
  const auto entries = context.seen.entries();
  const auto isolated = context.seen.isolated();
  std::string token(kHeaderBytes + (entries.size() + isolated.size()) * kEntryBytes + kChecksumBytes, '\0');
  char* out = store(token.data(), kVersion);
  out = store(out, context.hlc.packed);
  out = store(out, static_cast<std::uint16_t>(entries.size()));
  out = store(out, static_cast<std::uint16_t>(isolated.size()));
  for (const Dot& entry : entries) out = store(out, entry);
  for (const Dot& dot : isolated) out = store(out, dot);
  store(out, checksum({token.data(), token.size() - kChecksumBytes}));
  return token;
}

Result<Context> decode_context(std::string_view token) {
  if (token.empty()) return Context{};
  if (token.size() < kHeaderBytes + kChecksumBytes) {
    return fail("the context is cut short: " + std::to_string(token.size()) + " bytes, at least " +
                std::to_string(kHeaderBytes + kChecksumBytes) + " are needed");
  }
  const auto version = static_cast<std::uint8_t>(token[0]);
  if (version != kVersion) {
    return fail("the context has version " + std::to_string(version) + "; only " + std::to_string(kVersion) +
                " is known");
  }
  const char* stored = token.data() + token.size() - kChecksumBytes;
  if (load<std::uint32_t>(stored) != checksum(token.substr(0, token.size() - kChecksumBytes))) {
    return fail("the context's checksum does not match: it was changed or cut short");
  }
  return load_content(token);
}

}  // namespace dkv
