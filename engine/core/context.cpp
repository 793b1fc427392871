#include "engine/core/context.h"

#include <boost/container/small_vector.hpp>
#include <boost/endian/conversion.hpp>

#include "engine/core/assert.h"

namespace dkv {
namespace {

// Little-endian: timestamp (8 bytes), number of entries (2), number of isolated dots (2), the entries, the isolated
// dots. An entry or a dot takes 28 bytes: the actor's id (high 8, low 8), its epoch (4) and the counter (8).
constexpr std::size_t kHeaderBytes = 8 + 2 + 2;
constexpr std::size_t kEntryBytes = 8 + 8 + 4 + 8;
static_assert(kHeaderBytes == kContextBytesMin);
static_assert(kHeaderBytes + kEntryBytes * kVersionVectorEntriesMax == kContextBytesMax);
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

struct Counts {
  std::size_t entries, isolated;
};
Counts counts_of(const char* bytes) {
  const char* in = bytes + 8;
  const std::size_t entries = load<std::uint16_t>(in);
  return {entries, load<std::uint16_t>(in)};
}

}  // namespace

std::size_t context_bytes(std::string_view bytes) noexcept {
  DKV_ASSERT(bytes.size() >= kHeaderBytes);
  const Counts counts = counts_of(bytes.data());
  return kHeaderBytes + (counts.entries + counts.isolated) * kEntryBytes;
}

std::string encode_context(const Context& context) {
  const auto entries = context.seen.entries();
  const auto isolated = context.seen.isolated();
  std::string bytes(kHeaderBytes + (entries.size() + isolated.size()) * kEntryBytes, '\0');
  char* out = store(bytes.data(), context.hlc.packed);
  out = store(out, static_cast<std::uint16_t>(entries.size()));
  out = store(out, static_cast<std::uint16_t>(isolated.size()));
  for (const Dot& entry : entries) out = store(out, entry);
  for (const Dot& dot : isolated) out = store(out, dot);
  return bytes;
}

Result<Context> decode_context(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) {
    return fail("the context is cut short: " + std::to_string(bytes.size()) + " bytes, at least " +
                std::to_string(kHeaderBytes) + " are needed");
  }
  const auto [entries, isolated] = counts_of(bytes.data());
  const std::size_t count = entries + isolated;
  if (bytes.size() != context_bytes(bytes)) {
    return fail("the context's length of " + std::to_string(bytes.size()) + " bytes does not fit its " +
                std::to_string(count) + " entries");
  }
  if (count > kVersionVectorEntriesMax) {
    return fail("the context has " + std::to_string(count) + " entries, at most " +
                std::to_string(kVersionVectorEntriesMax) + " are possible");
  }
  const char* in = bytes.data();
  Context context;
  context.hlc = Hlc{load<std::uint64_t>(in)};
  if (context.hlc > kContextHlcMax) return fail("the context's timestamp is out of range");
  Result<VersionVector> seen = load_entries(bytes.data() + kHeaderBytes, entries, isolated);
  if (!seen) return tl::unexpected(std::move(seen.error()));
  context.seen = std::move(*seen);
  return context;
}

}  // namespace dkv
