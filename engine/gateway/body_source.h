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

// A body that is made while it is sent: text, and stored values that it shares and never copies as a whole. So an
// answer takes no more memory than the values in it, and no turn more time than a piece.
class BodySource {
 public:
  // Of a value, in one call of next().
  static constexpr std::size_t kPieceBytes = 16u << 10;

  BodySource();
  ~BodySource();
  BodySource(BodySource&&) noexcept;
  BodySource& operator=(BodySource&&) noexcept;

  void add_text(std::string_view text);
  // bytes: a part of owner's, as they are.
  void add_bytes(Blob owner, std::string_view bytes);
  // "value":…, as an object in JSON shows it: JSON (where the value is said to be that, and is) as it stands, text as a
  // string, anything else in base64, followed by "encoding":"base64".
  void add_json_value(Blob owner, std::string_view bytes, bool said_json);

  // Appends the next piece; it may append nothing and still have more to do. False: that was all.
  bool next(std::string& out);
  // Of the whole body; nothing when that is known only at its end.
  std::optional<std::uint64_t> size() const noexcept;
  // Of all that this object keeps in memory.
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
// The source becomes the response's body; a small one is written at once.
void set_body(Response& response, BodySource&& source);

// All of it at once; for bodies that are known to be small, and for tests.
std::string whole_body(BodySource& source);

}  // namespace dkv::http
