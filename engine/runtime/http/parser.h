#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/http/message.h"

namespace dkv::http {

struct ParserLimits {
  std::uint32_t header_bytes_max = 32u << 10;
  std::uint64_t body_bytes_max = 16u << 20;
};

// What is wrong with a request that can't be read further; the connection ends with it.
struct ParseFailure {
  int status = 400;
  std::string what;
};

// Makes requests of the bytes of a connection, as they come. The grammar is Boost.Beast's; the limits are checked while
// reading, so that nobody makes this process hold more than they say.
class RequestParser {
 public:
  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  // How many of the bytes were taken; the rest is to be handed over again, with what follows it. 0: more is needed.
  std::size_t put(std::string_view bytes);
  const std::optional<ParseFailure>& failure() const noexcept { return failure_; }
  // A whole request; the next one may begin.
  bool done() const noexcept;
  Request take();

  // Bytes of a request have come that is not whole yet.
  bool begun() const noexcept { return begun_; }
  // True once for a request whose sender waits with its body for a 100 (Continue).
  bool wants_continue();

 private:
  class Impl;
  void renew();
  ParserLimits limits_;
  std::unique_ptr<Impl> impl_;
  std::optional<ParseFailure> failure_;
  bool begun_ = false;
};

}  // namespace dkv::http
