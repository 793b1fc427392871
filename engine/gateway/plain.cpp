#include "engine/gateway/plain.h"

#include "engine/gateway/json.h"

namespace dkv::http {
namespace {

class Plain final : public Dialect {
 public:
  Response refusal(int status, std::string_view what, Teller teller) const override {
    return json_error(status, what, teller.host.wall_ns());
  }
  Response got(const ClientReply& reply, const Asked& asked, Teller teller) const override;
  Response written(const ClientReply& reply, const ClientRequest& write, const Asked& asked,
                   Teller teller) const override;
  // The answer shows the context beside the value, so a tag depends on both.
  Validators validators(const Object* object) const override { return validators_with_context(object); }
  const char* methods() const noexcept override { return "GET, HEAD, PUT, DELETE"; }
  bool put_may_be_json() const noexcept override { return true; }
  bool blind_put_replaces() const noexcept override { return true; }
};

Response Plain::got(const ClientReply& reply, const Asked& asked, Teller teller) const {
  if (!reply.object || reply.object->deleted()) return not_found(reply, asked, teller);
  const auto versions = versions_of(*reply.object);
  if (!versions) return refusal(500, versions.error().what, teller);
  const Validators stored = validators(reply.object.get());
  const Preconditions verdict = evaluate_preconditions(asked.request, stored);
  if (verdict == Preconditions::kFailed) return precondition_failed(reply, asked, teller);
  Response response;
  response.status = versions->size() == 1 ? 200 : 300;
  response.content_type = "application/json";
  add_reply_headers(reply, asked.key, teller.settings, response);
  add_validators(stored, response);
  if (verdict == Preconditions::kNotModified) {
    response.status = 304;
    return response;
  }
  const std::string context = context_text(reply.context, asked.key, teller.settings.contexts);
  BodySource body;
  if (versions->size() == 1) {
    value_json(asked.key.key(), versions->front(), context, body);
  } else {
    values_json(asked.key.key(), *versions, context, body);
  }
  set_body(response, std::move(body));
  return response;
}

Response Plain::written(const ClientReply& reply, const ClientRequest& write, const Asked& asked, Teller teller) const {
  Response response;
  response.content_type = "application/json";
  add_reply_headers(reply, asked.key, teller.settings, response);
  if (write.kind == RequestKind::kDelete) {
    response.body = deleted_json(asked.key.key());
    return response;
  }
  Version version;
  auto envelope = unwrap(write.value.view(), version.body);
  if (!envelope) return refusal(500, envelope.error().what, teller);
  version.envelope = std::move(*envelope);
  BodySource body;
  stored_json(asked.key.key(), version, write.value, context_text(reply.context, asked.key, teller.settings.contexts),
              body);
  set_body(response, std::move(body));
  return response;
}

}  // namespace

Response json_error(int status, std::string_view what, TimeNs wall_ns) {
  return {
      .status = status, .content_type = "application/json", .headers = {}, .body = error_json(what, status, wall_ns)};
}

const Dialect& plain_dialect() noexcept {
  static const Plain kPlain;
  return kPlain;
}

}  // namespace dkv::http
