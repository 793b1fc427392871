#include "engine/gateway/riak.h"

#include <algorithm>

#include "engine/gateway/json.h"
#include "engine/input/units.h"

namespace dkv::http {
namespace {

void add_meta(const Version& version, Pairs& headers) {
  for (const auto& [name, value] : version.envelope.meta) headers.emplace_back(name, value);
}

std::string last_modified(const Version& version) {
  return http_date(version.sibling->hlc.wall_ms() / 1000);
}

// Makes the body of one version the whole answer.
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

// RFC 2046, section 5.1. The boundary must occur in no part, so it is random: no writer can predict it.
void as_multipart(const std::vector<Version>& versions, GatewayHost& host, Response& response) {
  std::string boundary = "sibling-" + hex16(host.random());
  boundary += hex16(host.random());
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

std::string accept_of(const Request& request) {
  const std::string* header = request.header("accept");
  return header == nullptr ? std::string() : *header;
}

// The object as a GET shows it. The reply's outcome is kDone. vtag: selects one sibling, unless it is empty.
Response shown(const ClientReply& reply, const Asked& asked, std::string_view vtag, Dialect::Teller teller) {
  const auto versions = versions_of(*reply.object);
  if (!versions) return text_response(500, versions.error().what);
  Response response;
  add_reply_headers(reply, asked.key, teller.settings, response);
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
  const std::string accept = accept_of(asked.request);
  response.status = 300;
  add_validators(validators_of(reply.object.get()), response);
  if (accept.find("multipart/mixed") != std::string_view::npos) {
    as_multipart(*versions, teller.host, response);
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

// The validators of the siblings that a GET with this vtag shows; an empty vtag selects all.
Validators selected(const ClientReply& reply, std::string_view vtag) {
  const Object* object = reply.object.get();
  if (object == nullptr || object->deleted() || vtag.empty()) return validators_of(object);
  for (const Sibling& sibling : object->siblings()) {
    if (vtag_of(sibling.dot) == vtag) return validators_of(sibling);
  }
  return {};
}

class Riak final : public Dialect {
 public:
  Response refusal(int status, std::string_view what, Teller) const override {
    return text_response(status, std::string(what));
  }
  Response not_found(const ClientReply& reply, const Asked& asked, Teller teller) const override {
    Response response = Dialect::not_found(reply, asked, teller);
    if (reply.object) response.header("X-Riak-Deleted", "true");
    return response;
  }
  Response got(const ClientReply& reply, const Asked& asked, Teller teller) const override;
  Response written(const ClientReply& reply, const ClientRequest& write, const Asked& asked,
                   Teller teller) const override;
  Validators validators(const Object* object) const override { return validators_of(object); }
  const char* methods() const noexcept override { return "GET, HEAD, PUT, POST, DELETE"; }
  bool put_may_be_json() const noexcept override { return false; }
  bool blind_put_replaces() const noexcept override { return false; }

 private:
  Response object(const ClientReply& reply, const Asked& asked, std::string_view vtag, Teller teller) const {
    if (!reply.object || reply.object->deleted()) return not_found(reply, asked, teller);
    return shown(reply, asked, vtag, teller);
  }
};

Response Riak::got(const ClientReply& reply, const Asked& asked, Teller teller) const {
  const std::string& vtag = asked.parameters.vtag;
  Response response = object(reply, asked, vtag, teller);
  // Preconditions apply only to a 2xx answer (RFC 9110, 13.2.1). Several siblings (300) count as one here.
  if (response.status != 200 && response.status != 300) return response;
  switch (evaluate_preconditions(asked.request, selected(reply, vtag))) {
    case Preconditions::kProceed: break;
    case Preconditions::kFailed: return precondition_failed(reply, asked, teller);
    case Preconditions::kNotModified:
      response.status = 304;
      response.body.clear();
      response.source.reset();
  }
  return response;
}

Response Riak::written(const ClientReply& reply, const ClientRequest& write, const Asked& asked, Teller teller) const {
  Response response;
  if (write.return_siblings) {
    response = object(reply, asked, {}, teller);
  } else {
    response.status = 204;
    response.content_type = "text/plain";  // without a body; Riak sends it, and its clients check it
    add_reply_headers(reply, asked.key, teller.settings, response);
  }
  if (!asked.location.empty()) {
    response.status = 201;
    response.header("Location", asked.location);
  }
  return response;
}

}  // namespace

Response text_response(int status, std::string text) {
  return {.status = status, .content_type = "text/plain", .headers = {}, .body = std::move(text) + "\n"};
}

const Dialect& riak_dialect() noexcept {
  static const Riak kRiak;
  return kRiak;
}

}  // namespace dkv::http
