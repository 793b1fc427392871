#include "engine/gateway/dialect.h"

namespace dkv::http {

Response Dialect::failure(const ClientReply& reply, const Asked& asked, Teller teller) const {
  return refusal_after(reply, asked, status_of(reply), explain(reply), teller);
}

Response Dialect::not_found(const ClientReply& reply, const Asked& asked, Teller teller) const {
  return refusal_after(reply, asked, 404, "not found", teller);
}

Response Dialect::precondition_failed(const ClientReply& reply, const Asked& asked, Teller teller) const {
  return refusal_after(reply, asked, 412, kPreconditionFailed, teller);
}

Response Dialect::refusal_after(const ClientReply& reply, const Asked& asked, int status, std::string_view what,
                                Teller teller) const {
  Response response = refusal(status, what, teller);
  add_reply_headers(reply, asked.key, teller.settings, response);
  return response;
}

}  // namespace dkv::http
