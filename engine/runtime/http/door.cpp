#include "engine/runtime/http/door.h"

#include "engine/gateway/header_list.h"
#include "engine/input/suggest.h"

namespace dkv::http {
namespace {

constexpr const char* kAllowedMethods = "GET, HEAD, PUT, POST, DELETE, OPTIONS";
constexpr const char* kExposed =
    "X-Riak-Vclock, X-Riak-Deleted, X-Acks, X-Coordinator, ETag, Last-Modified, Location, Retry-After";

bool is_preflight(const Request& request) noexcept {
  return request.method == Method::kOptions && request.header("access-control-request-method") != nullptr;
}

bool is_admin(const Request& request) noexcept {
  const auto& path = request.segments;
  return path.size() >= 3 && path[0] == "api" && path[1] == "v1" && path[2] == "admin";
}

}  // namespace

DoorVerdict judge_request(const DoorPolicy& policy, const Request& request) {
  const auto host = joined_header(request, "host");
  const auto origin = joined_header(request, "origin");
  DoorVerdict verdict;
  if (!host_is_good(policy.hosts, host)) {
    verdict.status = 421;
    verdict.what = "this node does not go by the name " + dkv::quoted(host.value_or(std::string())) +
                   ": use its address, or list the name in http.hosts of its configuration";
    return verdict;
  }
  verdict.origin = judge_origin(policy.origins, {.method = request.method,
                                                 .admin = is_admin(request),
                                                 .preflight = is_preflight(request),
                                                 .origin = origin,
                                                 .host = host});
  if (verdict.origin.refused) {
    verdict.status = 403;
    verdict.what = "pages of " + dkv::quoted(*origin) +
                   " may not do this: the origin is not listed in http.allow_origins of the node's configuration";
  }
  return verdict;
}

void add_origin_headers(const OriginVerdict& origin, Response& response) {
  if (origin.vary) response.header("Vary", "Origin");
  if (origin.allow.empty()) return;
  response.header("Access-Control-Allow-Origin", origin.allow);
  response.header("Access-Control-Expose-Headers", kExposed);
}

Response options_response(const Request& request, const OriginVerdict& origin) {
  Response response;
  response.status = 204;
  response.header("Allow", kAllowedMethods);
  if (origin.allow.empty() || !is_preflight(request)) return response;
  response.header("Access-Control-Allow-Methods", kAllowedMethods);
  response.header("Access-Control-Max-Age", "600");
  const auto wanted = joined_header(request, "access-control-request-headers");
  if (wanted) response.header("Access-Control-Allow-Headers", *wanted);
  return response;
}

}  // namespace dkv::http
