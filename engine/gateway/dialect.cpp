#include "engine/gateway/dialect.h"

namespace dkv::http {

Response Dialect::failure(const ClientReply& reply, Teller teller) const {
  return refusal_after(reply, status_of(reply), explain(reply), teller);
}

Response Dialect::not_found(const ClientReply& reply, Teller teller) const {
  return refusal_after(reply, 404, "not found", teller);
}

Response Dialect::precondition_failed(const ClientReply& reply, Teller teller) const {
  return refusal_after(reply, 412, kPreconditionFailed, teller);
}

Response Dialect::refusal_after(const ClientReply& reply, int status, std::string_view what, Teller teller) const {
  Response response = refusal(status, what, teller);
  add_reply_headers(reply, teller.settings, response);
  return response;
}

}  // namespace dkv::http
