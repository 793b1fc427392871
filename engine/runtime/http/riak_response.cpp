// How Riak's clients expect to be told what a key holds.
#include <algorithm>
#include <random>

#include "engine/input/units.h"
#include "engine/runtime/http/json.h"
#include "engine/runtime/http/preconditions.h"
#include "engine/runtime/http/riak_api.h"

namespace dkv::http {
namespace {

void add_meta(const Version& version, Pairs& headers) {
  for (const auto& [name, value] : version.envelope.meta) headers.emplace_back(name, value);
}

std::string last_modified(const Version& version) {
  return http_date(version.sibling->hlc.wall_ms() / 1000);
}

// The body of one version as the whole answer.
void single(const Version& version, Response& response) {
  add_validators(validators_of(*version.sibling), response);
  add_meta(version, response.headers);
  response.content_type = version.envelope.content_type;
  if (version.body.size() <= kSmallBodyBytes) {
    response.body = version.body;
    return;
  }
  BodySource body;
  body.add_bytes(version.sibling->value, version.body);
  set_body(response, std::move(body));
}

void as_list(const std::vector<Version>& versions, Response& response) {
  response.content_type = "text/plain";
  response.body = "Siblings:\n";
  for (const Version& version : versions) response.body += vtag_of(version.sibling->dot) + "\n";
}

// RFC 2046, section 5.1. The boundary must stand in no part: nobody who writes one can know it.
std::string new_boundary() {
  std::random_device random;
  std::string boundary = "sibling-";
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t high = random();
    const std::uint64_t low = random();
    boundary += hex16(high << 32 | low);
  }
  return boundary;
}

void as_multipart(const std::vector<Version>& versions, Response& response) {
  const std::string boundary = new_boundary();
  response.content_type = "multipart/mixed; boundary=" + boundary;
  BodySource body;
  for (const Version& version : versions) {
    std::string head = "\r\n--" + boundary + "\r\nContent-Type: " +
                       (version.sibling->tombstone ? "application/octet-stream" : version.envelope.content_type) +
                       "\r\nEtag: " + vtag_of(version.sibling->dot) + "\r\nLast-Modified: " + last_modified(version);
    if (version.sibling->tombstone) head += "\r\nX-Riak-Deleted: true";
    for (const auto& [name, value] : version.envelope.meta) head += "\r\n" + name + ": " + value;
    body.add_text(head + "\r\n\r\n");
    body.add_bytes(version.sibling->value, version.body);
  }
  body.add_text("\r\n--" + boundary + "--\r\n");
  set_body(response, std::move(body));
}

}  // namespace

Response text_response(int status, std::string text) {
  return {.status = status, .content_type = "text/plain", .headers = {}, .body = std::move(text) + "\n"};
}

Response object_response(const ClientReply& reply, const ServerConfig& config, std::string_view accept,
                         std::string_view vtag) {
  if (reply.outcome != Outcome::kDone) {
    Response response = text_response(status_of(reply), explain(reply));
    add_reply_headers(reply, config, response);
    return response;
  }
  if (!reply.object || reply.object->deleted()) {
    Response response = text_response(404, "not found");
    add_reply_headers(reply, config, response);
    if (reply.object) response.header("X-Riak-Deleted", "true");
    return response;
  }
  const auto versions = versions_of(*reply.object);
  if (!versions) return text_response(500, versions.error().what);
  Response response;
  add_reply_headers(reply, config, response);
  response.header("Vary", "Accept, Accept-Encoding");
  if (!vtag.empty()) {
    const auto wanted =
        std::ranges::find(*versions, vtag, [](const Version& version) { return vtag_of(version.sibling->dot); });
    if (wanted == versions->end()) return text_response(404, "no sibling has this vtag");
    single(*wanted, response);
    if (wanted->sibling->tombstone) response.header("X-Riak-Deleted", "true");
    return response;
  }
  if (versions->size() == 1) {
    single(versions->front(), response);
    return response;
  }
  response.status = 300;
  add_validators(validators_of(reply.object.get()), response);
  if (accept.find("multipart/mixed") != std::string_view::npos) {
    as_multipart(*versions, response);
  } else if (accept.find("application/json") != std::string_view::npos) {
    response.content_type = "application/json";
    BodySource body;
    siblings_json(*versions, body);
    set_body(response, std::move(body));
  } else {
    as_list(*versions, response);
  }
  return response;
}

}  // namespace dkv::http
