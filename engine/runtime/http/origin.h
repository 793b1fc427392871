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

// Which web pages may use this node (RFC 6454, and CORS in the Fetch standard). Empty: none but its own.
struct OriginPolicy {
  std::vector<std::string> allowed;  // as read_origin() gives them, or kAnyOrigin
};

// "https://shop.example" or "http://localhost:3000": a scheme, a host, and a port unless it is the scheme's own. In
// lower case. Fails on anything else, with what was meant; also on "null", which any page can send.
Result<std::string> read_origin(std::string_view text);

// What the judgement looks at. host: the Host header, without a value when there is none.
struct OriginCase {
  Method method = Method::kOther;
  bool admin = false;                      // the path is an administrator's
  bool preflight = false;                  // OPTIONS on behalf of another request
  std::optional<std::string_view> origin;  // empty: no page, or a simple GET of the node's own
  std::optional<std::string_view> host;
};

struct OriginVerdict {
  bool refused = false;  // the request is answered with 403 and changes nothing
  std::string allow;     // for Access-Control-Allow-Origin; empty: no CORS headers
  bool vary = false;     // another origin would be answered with other headers
};

// A page that is not listed may send what any page may send without asking (a simple GET), and can't read the answer.
OriginVerdict judge_origin(const OriginPolicy& policy, const OriginCase& asked);

}  // namespace dkv::http
