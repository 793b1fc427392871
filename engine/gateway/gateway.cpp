#include "engine/gateway/gateway.h"

#include <algorithm>
#include <utility>

#include "engine/core/hash.h"
#include "engine/gateway/json.h"
#include "engine/gateway/plain.h"
#include "engine/gateway/riak.h"
#include "engine/input/units.h"

namespace dkv::http {
namespace {

// Says which feature of Riak the request needs although this store does not offer it; null when there is none.
const char* not_offered(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-riak-index-")) return "secondary indexes are not offered";
  }
  return nullptr;
}

bool is_plain(const Request& request) {
  const auto& path = request.segments;
  return path.size() >= 3 && path[0] == "api" && path[1] == "v1" && path[2] == "kv";
}

bool is_riak(const Request& request) {
  const auto& path = request.segments;
  return path.empty() || (path.size() == 1 && path[0] == "ping") || path[0] == "riak" || path[0] == "buckets";
}

bool reads(const Request& request) {
  return request.method == Method::kGet || request.method == Method::kHead;
}

bool writes(const Request& request) {
  return request.method == Method::kPut || request.method == Method::kPost;
}

Exchange told(int status, std::string what) {
  return Exchange::answered(text_response(status, std::move(what)));
}

Exchange json(std::string text) {
  return Exchange::answered({.content_type = "application/json", .headers = {}, .body = std::move(text)});
}

}  // namespace

std::optional<Exchange> Gateway::open(Request& request, GatewayHost& host) const {
  if (is_plain(request)) return open_plain(std::move(request), host);
  if (is_riak(request)) return open_riak(std::move(request), host);
  return std::nullopt;
}

Exchange Gateway::open_plain(Request&& request, GatewayHost& host) const {
  const Dialect& dialect = plain_dialect();
  if (request.segments.size() != 4) {
    return Exchange::answered(
        dialect.refusal(404, "a key is one segment: /api/v1/kv/{key}, '/' as %2F", {settings_, host}));
  }
  std::string bucket(kDefaultBucket);
  const auto named = std::ranges::find(request.parameters, "bucket", [](const auto& pair) { return pair.first; });
  if (named != request.parameters.end()) {
    bucket = std::move(named->second);
    request.parameters.erase(named);
  }
  const std::string name = request.segments[3];
  return open_object(dialect, std::move(request), bucket, name, {}, host);
}

Exchange Gateway::open_riak(Request&& request, GatewayHost& host) const {
  // The path is moved out, because the request is moved while its path is still read.
  const std::vector<std::string> path = std::move(request.segments);
  if (path.empty()) return json(resources_json());
  if (path[0] == "ping") {
    return Exchange::answered({.content_type = "text/plain", .headers = {}, .body = "OK"});
  }
  const bool older = path[0] == "riak";
  const Dialect& dialect = riak_dialect();
  if (path.size() == 1) return told(501, "listing buckets is not offered: it would read every key of every node");
  if (older && path.size() == 3) return open_object(dialect, std::move(request), path[1], path[2], {}, host);
  if (!older && path.size() == 4 && path[2] == "keys") {
    return open_object(dialect, std::move(request), path[1], path[3], {}, host);
  }
  if ((older && path.size() == 2) || (!older && path.size() == 3 && path[2] == "keys")) {
    return open_bucket(std::move(request), path[1], host);
  }
  if (!older && path.size() == 3 && path[2] == "props") {
    if (!reads(request)) return told(501, "properties of buckets are set in the configuration");
    return json(properties_json(path[1], settings_));
  }
  return told(501, "of a bucket there are /keys/{key} and /props");
}

Exchange Gateway::open_bucket(Request&& request, const std::string& bucket, GatewayHost& host) const {
  if (request.method != Method::kPost) {
    return told(501, "listing keys is not offered: it would read every key of every node");
  }
  std::string name = hex16(host.random());
  name += hex16(host.random());
  const std::string folder = request.target.substr(0, request.target.find('?'));
  std::string location = folder + (folder.ends_with('/') ? "" : "/") + name;
  return open_object(riak_dialect(), std::move(request), bucket, name, std::move(location), host);
}

Exchange Gateway::open_object(const Dialect& dialect, Request&& request, const std::string& bucket,
                              const std::string& name, std::string location, GatewayHost& host) const {
  const auto refuse = [&](int status, std::string_view what) {
    return Exchange::answered(dialect.refusal(status, what, {settings_, host}));
  };
  auto key = Key::make(bucket, name);
  if (!key) return refuse(400, key.error().what);
  auto parameters = read_parameters(request, settings_.quorum);
  if (!parameters) return refuse(400, parameters.error().what);
  const std::string allowed = dialect.methods();
  if (allowed.find(method_name(request.method)) == std::string::npos) {
    Response response = dialect.refusal(405, "a key takes " + allowed, {settings_, host});
    response.header("Allow", allowed);
    return Exchange::answered(std::move(response));
  }
  if (const char* what = not_offered(request); what != nullptr && writes(request)) return refuse(501, what);
  return Exchange::about(dialect, {std::move(request), std::move(*key), std::move(*parameters), std::move(location)});
}

}  // namespace dkv::http
