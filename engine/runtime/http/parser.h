#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/gateway/message.h"

namespace dkv::http {

struct ParserLimits {
  // Of the request line, the fields and the trailers together. The line of a chunk's size counts as far as it is longer
  // than its chunk.
  std::uint32_t header_bytes_max = 32u << 10;
  std::uint64_t body_bytes_max = 16u << 20;
};
inline constexpr std::size_t kFieldsMax = 256;    // of a request, trailers included: one costs more memory than bytes
inline constexpr std::size_t kEmptyLinesMax = 8;  // before a request

// What is wrong with a request that can't be read further; the connection ends with it.
struct ParseFailure {
  int status = 400;
  std::string what;
};

// Makes requests of the bytes of a connection, as they come: HTTP/1.1 and HTTP/1.0 by RFC 9112, without what it only
// tolerates (folded fields, lines that end in a bare LF). A value: the result depends on the bytes alone, never on
// where they were cut. The limits are checked while reading, so that nobody makes this process hold more than they say.
class RequestParser {
 public:
  explicit RequestParser(const ParserLimits& limits) : limits_(limits) {}

  // How many of the bytes were taken: all of them, but for those behind a whole request, behind a failure, or behind a
  // head whose body follows. There the caller may judge the head before it waits for the body.
  std::size_t put(std::string_view bytes);
  const std::optional<ParseFailure>& failure() const noexcept { return failure_; }
  // A whole request; the next one may begin.
  bool done() const noexcept { return state_ == State::kDone && !failure_; }
  Request take();
  // While in_body(): the request without its body, whose rest is then no longer expected.
  const Request& head() const noexcept { return request_; }
  Request take_head();
  // Back to the beginning of a request. What the parser holds is freed at once; an assignment would leave a string its
  // memory, and a body is long.
  void clear();

  // Bytes of a request have come that is not whole yet.
  bool begun() const noexcept { return state_ != State::kRequestLine || !line_.empty(); }
  // The body comes next, or is under way.
  bool in_body() const noexcept { return state_ > State::kFields && state_ != State::kDone; }
  // Of memory that the request takes so far, about.
  std::size_t held_bytes() const noexcept {
    const std::string& body = request_.body;
    return line_.size() + counted_ + (content_length_ ? body.size() : body.capacity());
  }
  // True once for a request whose sender waits with its body for a 100 (Continue).
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
  std::string line_;  // the begin of a line whose end has not come
  Request request_;
  std::optional<ParseFailure> failure_;
  std::optional<std::uint64_t> content_length_;
  std::string authority_;        // of a target in absolute form: counts in place of Host
  std::string transfer_coding_;  // of all fields of that name
  std::uint64_t data_left_ = 0;  // of the body, or of a chunk
  std::size_t counted_ = 0;      // bytes against header_bytes_max
  std::size_t fields_ = 0;
  std::size_t empty_lines_ = 0;
  std::uint8_t chunk_end_ = 0;  // bytes of the CRLF behind a chunk that have come
  bool absolute_ = false;
  bool has_host_ = false;
  bool has_transfer_coding_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool waits_for_continue_ = false;
};

}  // namespace dkv::http
