#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/gateway/json_reader.h"
#include "engine/gateway/utf8.h"

namespace dkv::http {

// Writes a stored value as members of a JSON object; see BodySource::add_json_value. Before the first byte, it
// reads the whole value once or twice to find out its kind.
class JsonValueWriter {
 public:
  JsonValueWriter(std::string_view bytes, bool said_json);

  // Works on at most `left` bytes of the value, and subtracts them from `left`. True: the value is complete.
  bool next(std::string& out, std::size_t& left);

 private:
  enum class Step : std::uint8_t { kCheckJson, kCheckText, kWriteJson, kWriteText, kWriteBase64, kDone };
  // Returns the next step.
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
