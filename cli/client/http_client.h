#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "engine/core/types.h"
#include "engine/runtime/net/address.h"

namespace dkv::cli {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;  // without Host and Content-Length
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Null when it is absent. Upper and lower case are the same.
  const std::string* header(std::string_view name) const noexcept;
  bool fine() const noexcept { return status / 100 == 2; }
};

// The reason why there is no answer, in a sentence for the user.
struct HttpFailure {
  bool sent = false;  // false: the server has certainly not received any of the request
  std::string what;
};

// A blocking HTTP/1.1 client of one server. It keeps the connection between requests. Not thread-safe.
class HttpClient {
 public:
  static constexpr std::size_t kBodyBytesMax = std::size_t{64} << 20;

  // timeout_ns: for each request, from connecting to the last byte of the answer; above 0.
  HttpClient(Address server, TimeNs timeout_ns);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // An answer may have any status. When a kept connection breaks, a GET or HEAD is sent once more on a new one.
  tl::expected<HttpAnswer, HttpFailure> ask(const HttpRequest& request);
  tl::expected<HttpAnswer, HttpFailure> get(std::string target);
  const Address& server() const noexcept { return server_; }

 private:
  struct Wire;
  Address server_;
  TimeNs timeout_ns_;
  std::unique_ptr<Wire> wire_;
};

// The text as a segment of a path or a value of a query (RFC 3986, section 2.1).
std::string url_escaped(std::string_view text);

}  // namespace dkv::cli
