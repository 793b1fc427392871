#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace dkv::http {

inline constexpr std::size_t kJsonDepthMax = 256;  // deeper text is refused

// The body of a PUT in the plain API.
struct PlainPut {
  std::string content_type;
  std::string value;
  std::optional<std::string> context;  // base64
  std::optional<std::string> ttl;
};

// Reads one JSON text (RFC 8259, in UTF-8) in pieces.
class JsonReader {
 public:
  enum class Purpose {
    kCheck,     // only checks that the text is JSON
    kPlainPut,  // {"value": anything, "context": "…", "ttl": "…"}
  };
  // bytes_expected: the size of the whole text, or 0 when it is unknown.
  explicit JsonReader(Purpose purpose, std::size_t bytes_expected = 0);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;

  // False when no further bytes can make the text JSON.
  bool add(std::string_view bytes);
  // Ends the text. Whether it is JSON.
  bool end();

  // kPlainPut, after end(): whether the text is an object with a value.
  bool has_value() const noexcept;
  // Moves out the fields. The value is the text of a string, or any other element as JSON without spaces. Fails on an
  // unknown field, on a repeated field, and on a context or ttl that is no string.
  Result<PlainPut> take_put();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkv::http
