#pragma once

#include <string>

#include "engine/runtime/http/host.h"
#include "engine/gateway/message.h"
#include "engine/runtime/http/origin.h"

namespace dkv::http {

// Who may ask at all, before any route is looked for.
struct DoorPolicy {
  OriginPolicy origins;
  HostPolicy hosts;
};

struct DoorVerdict {
  int status = 0;        // 0: the request is routed; otherwise it is answered with this, 403 or 421, and does nothing
  std::string what;      // why, for the person who asked
  OriginVerdict origin;  // for the headers of the answer, whatever it is
};

DoorVerdict judge_request(const DoorPolicy& policy, const Request& request);

// Vary, and for a page that may read the answer the headers that let it.
void add_origin_headers(const OriginVerdict& origin, Response& response);

// The answer to OPTIONS at any path, without what add_origin_headers() adds.
Response options_response(const Request& request, const OriginVerdict& origin);

}  // namespace dkv::http
