#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace dkv::http {

inline constexpr std::size_t kJsonDepthMax = 256;  // deeper text is no JSON here

// What a PUT of the plain API says in its body.
struct PlainPut {
  std::string content_type;
  std::string value;
  std::optional<std::string> context;  // base64
  std::optional<std::string> ttl;
};

// Reads one JSON text (RFC 8259, in UTF-8) that comes in pieces.
class JsonReader {
 public:
  enum class Purpose {
    kCheck,     // only whether it is JSON
    kPlainPut,  // {"value": anything, "context": "…", "ttl": "…"}
  };
  // bytes_expected: of the whole text, if that is known.
  explicit JsonReader(Purpose purpose, std::size_t bytes_expected = 0);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;

  // False when no more bytes can make it JSON.
  bool add(std::string_view bytes);
  // The text ends here: whether it is JSON.
  bool end();

  // kPlainPut, after end(): whether it is an object with a value.
  bool has_value() const noexcept;
  // Moves out what was read: a string's text, anything else as JSON without spaces. Fails on unknown fields, on one
  // that stands twice, and on a context or ttl that is no string.
  Result<PlainPut> take_put();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkv::http
