#pragma once

#include <string>
#include <string_view>

#include "engine/core/blob.h"
#include "engine/core/result.h"
#include "engine/gateway/message.h"

namespace dkv::http {

inline constexpr std::size_t kMetaMax = 64;
inline constexpr std::size_t kMetaBytesMax = 16u << 10;  // names and values together

// The HTTP metadata of a value. It is stored before the bytes of the value, in one value of the store.
//
//   u8 version (1), u8 kind of content, [varint bytes, content type: kind 0], varint metas,
//   metas x {varint bytes, name, varint bytes, value}, the body
//
// The usual content types are one byte.
struct Envelope {
  std::string content_type = "application/octet-stream";
  Pairs meta;  // headers that come back with the value, names in lower case, ascending
};

// The whole value.
Blob wrap(const Envelope& envelope, std::string_view body);
// The same in steps, for a body whose copy would take a long turn.
class Wrapping {
 public:
  static constexpr std::size_t kStepBytes = 128u << 10;

  // body must live until the value is whole.
  Wrapping(const Envelope& envelope, std::string_view body);
  // Copies a step's bytes. True: the value is whole.
  bool step() noexcept;
  Blob take() noexcept { return std::move(value_); }

 private:
  Blob value_;
  char* to_ = nullptr;  // within the value, which is not shared yet
  std::string_view left_;
};
// body: becomes a view into value. Fails on bytes that wrap() has not written.
Result<Envelope> unwrap(std::string_view value, std::string_view& body);

// Collects Content-Type, Content-Encoding, Link and X-Riak-Meta-* of a request. Fails when they are too many or too
// long.
Result<Envelope> envelope_of(const Request& request);

}  // namespace dkv::http
