#include "engine/gateway/envelope.h"

#include <algorithm>
#include <array>

#include "engine/protocol/wire_reader.h"
#include "engine/protocol/wire_writer.h"

namespace dkv::http {
namespace {

constexpr std::uint8_t kVersion = 1;
// Stored values contain these positions, so new types join at the end. 0: the type is stored in full.
constexpr std::array<std::string_view, 9> kKnownTypes = {"",
                                                         "application/octet-stream",
                                                         "application/json",
                                                         "text/plain",
                                                         "text/plain; charset=utf-8",
                                                         "application/json; charset=utf-8",
                                                         "application/x-www-form-urlencoded",
                                                         "text/html",
                                                         "application/xml"};
constexpr std::size_t kVarintBytes = wire::kVarint64BytesMax;

std::size_t meta_bytes(const Pairs& meta) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : meta) bytes += name.size() + value.size();
  return bytes;
}

bool is_kept(std::string_view name) {
  return name.starts_with("x-riak-meta-") || name == "content-encoding" || name == "link";
}

}  // namespace

Wrapping::Wrapping(const Envelope& envelope, std::string_view body) : left_(body) {
  const auto known = std::find(kKnownTypes.begin() + 1, kKnownTypes.end(), envelope.content_type);
  const bool short_form = known != kKnownTypes.end();
  std::string head(
      2 + kVarintBytes * (2 + 2 * envelope.meta.size()) + envelope.content_type.size() + meta_bytes(envelope.meta),
      '\0');
  wire::Writer to(head.data());
  to.u8(kVersion);
  to.u8(short_form ? static_cast<std::uint8_t>(known - kKnownTypes.begin()) : 0);
  if (!short_form) to.sized(envelope.content_type);
  to.varint(envelope.meta.size());
  for (const auto& [name, value] : envelope.meta) {
    to.sized(name);
    to.sized(value);
  }
  const auto head_bytes = static_cast<std::size_t>(to.at() - head.data());
  value_ = Blob::make(head_bytes + body.size(), [&](char* at) {
    std::copy_n(head.data(), head_bytes, at);
    to_ = at + head_bytes;
  });
}

bool Wrapping::step() noexcept {
  const std::string_view piece = left_.substr(0, kStepBytes);
  to_ = std::copy_n(piece.data(), piece.size(), to_);
  left_.remove_prefix(piece.size());
  return left_.empty();
}

Blob wrap(const Envelope& envelope, std::string_view body) {
  Wrapping wrapping(envelope, body);
  while (!wrapping.step()) continue;
  return wrapping.take();
}

Result<Envelope> unwrap(std::string_view value, std::string_view& body) {
  wire::Reader from(value);
  Envelope envelope;
  std::uint8_t version = 0, kind = 0;
  std::uint32_t metas = 0;
  std::string_view type;
  bool good = from.u8("version", version) && from.u8("content", kind);
  if (good && version != kVersion) return tl::unexpected(Error{"written in version " + std::to_string(version)});
  if (good && kind >= kKnownTypes.size()) return tl::unexpected(Error{"an unknown content " + std::to_string(kind)});
  if (good && kind == 0) good = from.sized("content type", kMetaBytesMax, type);
  if (good && kind > 0) type = kKnownTypes[kind];
  good = good && from.count("metas", kMetaMax, 2, metas);
  for (std::uint32_t i = 0; good && i < metas; ++i) {
    std::string_view name, text;
    good = from.sized("meta", kMetaBytesMax, name) && from.sized("meta", kMetaBytesMax, text);
    if (good) envelope.meta.emplace_back(name, text);
  }
  if (!good) return tl::unexpected(Error{from.what()});
  envelope.content_type = type;
  body = value.substr(value.size() - from.left());
  return envelope;
}

Result<Envelope> envelope_of(const Request& request) {
  Envelope envelope;
  if (const std::string* type = request.header("content-type"); type != nullptr && !type->empty()) {
    envelope.content_type = *type;
  }
  for (const auto& [name, value] : request.headers) {
    if (is_kept(name)) envelope.meta.emplace_back(name, value);
  }
  std::ranges::stable_sort(envelope.meta);
  if (envelope.meta.size() > kMetaMax || envelope.content_type.size() + meta_bytes(envelope.meta) > kMetaBytesMax) {
    return tl::unexpected(Error{"too much metadata: at most " + std::to_string(kMetaMax) + " headers and " +
                                std::to_string(kMetaBytesMax) + " bytes are kept"});
  }
  return envelope;
}

}  // namespace dkv::http
