#include "engine/runtime/net/hello.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"
#include "engine/settings/agreement.h"

namespace dkv {
namespace {

constexpr std::string_view kMagic = "DKVP";
constexpr std::size_t kVersionAt = 4, kKindAt = 5, kTextBytesAt = 6, kFromAt = 8, kToAt = 12, kIncarnationAt = 16,
                      kMembershipAt = 20, kPreviousAt = 28, kStartAt = 32, kFolderAt = 40, kSettingsBytesAt = 56;
static_assert(kSettingsBytesAt + 2 == kHelloFixedBytes);

std::uint8_t version_of(std::string_view head) {
  return static_cast<std::uint8_t>(head[kVersionAt]);
}

}  // namespace

std::string encode_hello(const Hello& hello) {
  const auto text_bytes = static_cast<std::uint16_t>(std::min(hello.text.size(), kHelloTextBytesMax));
  DKV_ASSERT(hello.settings.size() <= kAgreementBytesMax);
  // Of another version, for a refusal, only the part that all versions share.
  const bool whole = hello.version == kHelloVersion;
  std::string bytes(whole ? kHelloFixedBytes : kHelloHeadBytes, '\0');
  std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
  bytes[kVersionAt] = static_cast<char>(hello.version);
  bytes[kKindAt] = static_cast<char>(hello.kind);
  wire::store<std::uint16_t>(&bytes[kTextBytesAt], text_bytes);
  wire::store<std::uint32_t>(&bytes[kFromAt], hello.from);
  wire::store<std::uint32_t>(&bytes[kToAt], hello.to);
  wire::store<std::uint32_t>(&bytes[kIncarnationAt], hello.incarnation);
  wire::store<std::uint64_t>(&bytes[kMembershipAt], hello.membership);
  if (!whole) return bytes.append(hello.text, 0, text_bytes);
  wire::store<std::uint32_t>(&bytes[kPreviousAt], hello.previous);
  wire::store<std::uint64_t>(&bytes[kStartAt], hello.start);
  wire::store<std::uint64_t>(&bytes[kFolderAt], hello.folder.high);
  wire::store<std::uint64_t>(&bytes[kFolderAt + 8], hello.folder.low);
  wire::store<std::uint16_t>(&bytes[kSettingsBytesAt], static_cast<std::uint16_t>(hello.settings.size()));
  return bytes.append(hello.text, 0, text_bytes).append(hello.settings);
}

Result<std::size_t> hello_bytes(std::string_view head) {
  if (head.size() < kHelloHeadBytes || !head.starts_with(kMagic)) return fail("it is no node of Distri-KV");
  const std::size_t text_bytes = wire::load<std::uint16_t>(&head[kTextBytesAt]);
  if (text_bytes > kHelloTextBytesMax) return fail("its hello has a text of " + std::to_string(text_bytes) + " bytes");
  if (version_of(head) != kHelloVersion) return kHelloHeadBytes + text_bytes;
  if (head.size() < kHelloFixedBytes) return kHelloFixedBytes;
  const std::size_t settings_bytes = wire::load<std::uint16_t>(&head[kSettingsBytesAt]);
  if (settings_bytes > kAgreementBytesMax) {
    return fail("its hello has settings of " + std::to_string(settings_bytes) + " bytes");
  }
  return kHelloFixedBytes + text_bytes + settings_bytes;
}

Result<Hello> decode_hello(std::string_view bytes) {
  const auto size = hello_bytes(bytes);
  if (!size) return tl::unexpected(size.error());
  if (*size != bytes.size()) return fail("the length of its hello differs from the length in its header");
  Hello hello{.version = version_of(bytes),
              .from = wire::load<std::uint32_t>(&bytes[kFromAt]),
              .to = wire::load<std::uint32_t>(&bytes[kToAt]),
              .incarnation = wire::load<std::uint32_t>(&bytes[kIncarnationAt]),
              .membership = wire::load<std::uint64_t>(&bytes[kMembershipAt]),
              .folder = {},
              .text = {},
              .settings = {}};
  const std::size_t text_bytes = wire::load<std::uint16_t>(&bytes[kTextBytesAt]);
  const auto kind = static_cast<std::uint8_t>(bytes[kKindAt]);
  if (hello.version != kHelloVersion) {
    // Another version may know other kinds. It is refused in any case.
    if (kind != static_cast<std::uint8_t>(Hello::Kind::kHello)) hello.kind = Hello::Kind::kRefused;
    hello.text = bytes.substr(kHelloHeadBytes);
    return hello;
  }
  if (kind < 1 || kind > 5) return fail("its hello is of an unknown kind, " + std::to_string(kind));
  hello.kind = static_cast<Hello::Kind>(kind);
  hello.previous = wire::load<std::uint32_t>(&bytes[kPreviousAt]);
  hello.start = wire::load<std::uint64_t>(&bytes[kStartAt]);
  hello.folder = {wire::load<std::uint64_t>(&bytes[kFolderAt]), wire::load<std::uint64_t>(&bytes[kFolderAt + 8])};
  hello.text = bytes.substr(kHelloFixedBytes, text_bytes);
  hello.settings = bytes.substr(kHelloFixedBytes + text_bytes);
  return hello;
}

}  // namespace dkv
