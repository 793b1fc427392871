#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/gateway/message.h"

namespace dkv::http {

inline constexpr std::string_view kAnyOrigin = "*";
inline constexpr std::size_t kOriginBytesMax = 300;

// The web pages that may use this node (RFC 6454, and CORS in the Fetch standard). Empty: only the node's own pages.
struct OriginPolicy {
  std::vector<std::string> allowed;  // as read_origin() returns them, or kAnyOrigin
};

// Reads an origin such as "https://shop.example" or "http://localhost:3000". Returns it in lower case and without the
// scheme's default port. Fails on any other text, and names the expected form. "null" fails, too: any page can send it.
Result<std::string> read_origin(std::string_view text);

// The facts of a request that judge_origin() needs. host: the Host header, if there is one.
struct OriginCase {
  Method method = Method::kOther;
  bool admin = false;                      // the path is an administrator's
  bool preflight = false;                  // OPTIONS on behalf of another request
  std::optional<std::string_view> origin;  // empty: no page, or a simple GET by the node's own page
  std::optional<std::string_view> host;
};

struct OriginVerdict {
  bool refused = false;  // the request is answered with 403 and changes nothing
  std::string allow;     // for Access-Control-Allow-Origin; empty: no CORS headers
  bool vary = false;     // another origin would be answered with other headers
};

// A page that is not listed may send a simple GET, as any page may, but it cannot read the answer.
OriginVerdict judge_origin(const OriginPolicy& policy, const OriginCase& asked);

}  // namespace dkv::http
