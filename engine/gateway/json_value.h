#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/gateway/json_reader.h"
#include "engine/gateway/utf8.h"

namespace dkv::http {

// Writes a stored value as members of a JSON object; see BodySource::add_json_value. It reads the whole value before it
// writes the first byte, once or twice, to learn what it is.
class JsonValueWriter {
 public:
  JsonValueWriter(std::string_view bytes, bool said_json);

  // Works on `left` bytes of the value at most, and takes them off. True: that was all.
  bool next(std::string& out, std::size_t& left);

 private:
  enum class Step : std::uint8_t { kCheckJson, kCheckText, kWriteJson, kWriteText, kWriteBase64, kDone };
  // Answers the step that comes next.
  Step work(std::string_view piece, bool last, std::string& out);

  std::string_view bytes_;
  std::size_t at_ = 0;
  Step step_;
  std::optional<JsonReader> json_;
  Utf8Check text_;
};

// The inside of a JSON string.
void escape_json(std::string_view text, std::string& out);

}  // namespace dkv::http
