#include "engine/runtime/net/hello.h"

#include <algorithm>

#include "engine/protocol/wire_format.h"

namespace dkv {
namespace {

constexpr std::string_view kMagic = "DKVP";
constexpr std::size_t kVersionAt = 4, kKindAt = 5, kTextBytesAt = 6, kFromAt = 8, kToAt = 12, kIncarnationAt = 16,
                      kMembershipAt = 20;

}  // namespace

std::string encode_hello(const Hello& hello) {
  const auto text_bytes = static_cast<std::uint16_t>(std::min(hello.text.size(), kHelloTextBytesMax));
  std::string bytes(kHelloHeadBytes, '\0');
  std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
  bytes[kVersionAt] = static_cast<char>(hello.version);
  bytes[kKindAt] = static_cast<char>(hello.kind);
  wire::store<std::uint16_t>(&bytes[kTextBytesAt], text_bytes);
  wire::store<std::uint32_t>(&bytes[kFromAt], hello.from);
  wire::store<std::uint32_t>(&bytes[kToAt], hello.to);
  wire::store<std::uint32_t>(&bytes[kIncarnationAt], hello.incarnation);
  wire::store<std::uint64_t>(&bytes[kMembershipAt], hello.membership);
  return bytes.append(hello.text, 0, text_bytes);
}

Result<std::size_t> hello_bytes(std::string_view head) {
  if (head.size() < kHelloHeadBytes || !head.starts_with(kMagic)) return fail("it is no node of Distri-KV");
  const std::size_t text_bytes = wire::load<std::uint16_t>(&head[kTextBytesAt]);
  if (text_bytes > kHelloTextBytesMax) return fail("its hello has a text of " + std::to_string(text_bytes) + " bytes");
  return kHelloHeadBytes + text_bytes;
}

Result<Hello> decode_hello(std::string_view bytes) {
  const auto size = hello_bytes(bytes);
  if (!size) return tl::unexpected(size.error());
  if (*size != bytes.size()) return fail("the length of its hello differs from the length in its header");
  const auto kind = static_cast<std::uint8_t>(bytes[kKindAt]);
  if (kind < 1 || kind > 3) return fail("its hello is of an unknown kind, " + std::to_string(kind));
  return Hello{.kind = static_cast<Hello::Kind>(kind),
               .version = static_cast<std::uint8_t>(bytes[kVersionAt]),
               .from = wire::load<std::uint32_t>(&bytes[kFromAt]),
               .to = wire::load<std::uint32_t>(&bytes[kToAt]),
               .incarnation = wire::load<std::uint32_t>(&bytes[kIncarnationAt]),
               .membership = wire::load<std::uint64_t>(&bytes[kMembershipAt]),
               .text = std::string(bytes.substr(kHelloHeadBytes))};
}

}  // namespace dkv
