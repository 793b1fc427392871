#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dkv::http {

enum class Method : std::uint8_t { kGet, kHead, kPut, kPost, kDelete, kOptions, kOther };
const char* method_name(Method method) noexcept;

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A whole request, with its target parsed and unescaped.
struct Request {
  Method method = Method::kOther;
  std::string target;                 // as it came
  std::vector<std::string> segments;  // of the path, without empty ones; "/a/b%2Fc" -> "a", "b/c"
  Pairs parameters;                   // of the query, in its order
  Pairs headers;                      // names in lower case, in the request's order
  std::string body;
  bool keep_alive = true;
  std::uint8_t minor_version = 1;  // of HTTP/1

  // The first of this name; null when there is none.
  const std::string* header(std::string_view name) const noexcept;
  const std::string* parameter(std::string_view name) const noexcept;
};

// Parses the target into the request. False when it is no path with a query, or has bad escapes or control characters.
bool take_target(std::string_view target, Request& request);

class BodySource;

struct Response {
  int status = 200;
  std::string content_type;  // empty: no body
  Pairs headers;             // beside Content-Type, Content-Length, Connection
  std::string body;
  std::shared_ptr<BodySource> source = nullptr;  // a long body, in place of the one above

  void header(std::string_view name, std::string value) { headers.emplace_back(name, std::move(value)); }
};

const char* reason_phrase(int status) noexcept;

// How a response travels.
struct Delivery {
  bool head = false;  // the answer to a HEAD request, without a body
  bool keep_alive = true;
  std::uint8_t minor_version = 1;  // of the request
};
enum class BodyEnd : std::uint8_t {
  kHere,      // there is no body, or encode() has written the body
  kLength,    // the source's pieces follow, with the length in the header
  kChunked,   // the pieces follow as chunks
  kUntilEnd,  // the pieces follow, until the connection ends
};
// Appends the bytes of a response, but not the body of a source. date: as http_date() writes it.
BodyEnd encode(const Response& response, const Delivery& delivery, std::string_view date, std::string& out);

// "Mon, 23 Nov 2026 16:40:06 GMT".
std::string http_date(std::uint64_t unix_seconds);

std::string encode_base64(std::string_view bytes);
// False when the text is not base64.
bool decode_base64(std::string_view text, std::string& bytes);

}  // namespace dkv::http
