#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/blob.h"

namespace dkv::http {

class JsonValueWriter;

// A body that is made while it is sent. It consists of text and of stored values, which it shares and never copies as a
// whole. So an answer needs no more memory than its values, and a turn no more time than a piece.
class BodySource {
 public:
  // The bytes of a value in one call of next().
  static constexpr std::size_t kPieceBytes = 16u << 10;

  BodySource();
  ~BodySource();
  BodySource(BodySource&&) noexcept;
  BodySource& operator=(BodySource&&) noexcept;

  void add_text(std::string_view text);
  // bytes: a part of the owner's bytes, sent unchanged.
  void add_bytes(Blob owner, std::string_view bytes);
  // Adds the member "value" of a JSON object. A value is copied as JSON if said_json is true and it is valid JSON.
  // Other text becomes a string, and other bytes become base64, followed by "encoding":"base64".
  void add_json_value(Blob owner, std::string_view bytes, bool said_json);

  // Appends the next piece. It may append nothing although more follows. False: the body is complete.
  bool next(std::string& out);
  // The size of the whole body; nothing when it is known only at the end.
  std::optional<std::uint64_t> size() const noexcept;
  // The memory that this object keeps.
  std::uint64_t held_bytes() const noexcept { return held_; }

 private:
  struct Part {
    std::string text;
    Blob owner;
    std::string_view bytes;
    std::unique_ptr<JsonValueWriter> writer;
  };
  std::vector<Part> parts_;
  std::size_t part_ = 0;
  std::size_t at_ = 0;  // within the part's text or bytes
  std::uint64_t held_ = 0;
  std::uint64_t size_ = 0;
  bool size_known_ = true;
};

struct Response;
inline constexpr std::size_t kSmallBodyBytes = 16u << 10;
// Makes the source the response's body. A small body is written at once.
void set_body(Response& response, BodySource&& source);

// The whole body at once, for tests and for bodies that are known to be small.
std::string whole_body(BodySource& source);

}  // namespace dkv::http
