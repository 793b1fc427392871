#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/gateway/message.h"

namespace dkv::http {

struct ParserLimits {
  // The limit of the request line, the fields and the trailers together. A chunk-size line counts only as far as it is
  // longer than its chunk.
  std::uint32_t header_bytes_max = 32u << 10;
  std::uint64_t body_bytes_max = 16u << 20;
};
inline constexpr std::size_t kFieldsMax = 256;  // of a request, with trailers; a field costs more memory than its bytes
inline constexpr std::size_t kEmptyLinesMax = 8;  // before a request

// Why a request cannot be read further. The connection ends with it.
struct ParseFailure {
  int status = 400;
  std::string what;
};

// Parses a connection's bytes into requests, as they come: HTTP/1.1 and HTTP/1.0 by RFC 9112. It refuses the forms that
// the RFC only tolerates (folded fields, lines that end in a bare LF). The parser is a value: its result depends on the
// bytes alone, never on where they were cut. It checks the limits while it reads, so that it never holds more.
class RequestParser {
 public:
  explicit RequestParser(const ParserLimits& limits) : limits_(limits) {}

  // Returns the number of bytes taken. It stops after a whole request, after a failure, and after a head whose body
  // follows. There the caller may judge the head before it waits for the body.
  std::size_t put(std::string_view bytes);
  const std::optional<ParseFailure>& failure() const noexcept { return failure_; }
  // A whole request is ready. After take(), the next one may begin.
  bool done() const noexcept { return state_ == State::kDone && !failure_; }
  Request take();
  // While in_body(): the request without its body. After take_head(), the body is no longer expected.
  const Request& head() const noexcept { return request_; }
  Request take_head();
  // Returns to the beginning of a request, and frees all memory. An assignment would leave a string its memory, and a
  // body is long.
  void clear();

  // A request has begun and is not complete.
  bool begun() const noexcept { return state_ != State::kRequestLine || !line_.empty(); }
  // The body comes next, or has begun.
  bool in_body() const noexcept { return state_ > State::kFields && state_ != State::kDone; }
  // The estimated memory of the request so far.
  std::size_t held_bytes() const noexcept {
    const std::string& body = request_.body;
    return line_.size() + counted_ + (content_length_ ? body.size() : body.capacity());
  }
  // True once for a request whose client waits for a 100 (Continue) before it sends the body.
  bool wants_continue();

 private:
  enum class State : std::uint8_t {
    kRequestLine,
    kFields,
    kBody,
    kChunkSize,
    kChunkData,
    kChunkEnd,
    kTrailers,
    kDone,
  };

  std::size_t put_line(std::string_view bytes);
  std::size_t put_data(std::string_view bytes);
  std::size_t put_chunk_end(std::string_view bytes);
  void take_line(std::string_view line);
  void take_request_line(std::string_view line);
  void take_whole_target(std::string_view target, bool options);
  void take_field(std::string_view line);
  void take_host(std::string& value);
  void take_connection(std::string_view value);
  void take_content_length(std::string_view value);
  void take_expectation(std::string_view value);
  void end_head();
  void take_transfer_coding();
  void take_chunk_size(std::string_view line);
  void fail(int status, std::string what);
  void fail_too_large();

  ParserLimits limits_;
  State state_ = State::kRequestLine;
  std::string line_;  // the beginning of an incomplete line
  Request request_;
  std::optional<ParseFailure> failure_;
  std::optional<std::uint64_t> content_length_;
  std::string authority_;        // of a target in absolute form; it replaces Host
  std::string transfer_coding_;  // of all fields of that name
  std::uint64_t data_left_ = 0;  // of the body, or of a chunk
  std::size_t counted_ = 0;      // bytes against header_bytes_max
  std::size_t fields_ = 0;
  std::size_t empty_lines_ = 0;
  std::uint8_t chunk_end_ = 0;  // received bytes of the CRLF after a chunk
  bool absolute_ = false;
  bool has_host_ = false;
  bool has_transfer_coding_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool waits_for_continue_ = false;
};

}  // namespace dkv::http
