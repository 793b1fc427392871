#pragma once

#include <string>

#include "engine/gateway/message.h"
#include "engine/runtime/http/host.h"
#include "engine/runtime/http/origin.h"

namespace dkv::http {

// The rules of access. They are checked before any route.
struct DoorPolicy {
  OriginPolicy origins;
  HostPolicy hosts;
};

struct DoorVerdict {
  int status = 0;        // 0: the request is routed; otherwise the answer is 403 or 421, without an effect
  std::string what;      // why it is refused, for people
  OriginVerdict origin;  // for the headers of any answer
};

DoorVerdict judge_request(const DoorPolicy& policy, const Request& request);

// Adds Vary, and the CORS headers for a page that may read the answer.
void add_origin_headers(const OriginVerdict& origin, Response& response);

// The answer to OPTIONS at any path, without the headers of add_origin_headers().
Response options_response(const Request& request, const OriginVerdict& origin);

}  // namespace dkv::http
