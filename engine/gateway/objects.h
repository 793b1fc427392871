#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/object.h"
#include "engine/gateway/envelope.h"
#include "engine/gateway/message.h"
#include "engine/gateway/parameters.h"
#include "engine/gateway/settings.h"
#include "engine/protocol/client.h"

namespace dkv::http {

// The common part of Riak's routes and the plain JSON routes: requests to the node, and reports of outcomes.

inline constexpr const char* kContextHeader = "X-Riak-Vclock";

// The context of the key as clients hold it: sealed, and in base64. Empty without one.
std::string context_text(const Context& context, const Key& key, const ContextSeal& seal);
// Reads it back. Fails on any context that the cluster did not give out for this key.
Result<Context> context_of(std::string_view base64, const Key& key, const ContextSeal& seal);
// The context that the request returns in its header; empty without one.
Result<Context> context_of(const Request& request, const Key& key, const ContextSeal& seal);

ClientRequest make_get(const Key& key, const ObjectParameters& parameters);
ClientRequest make_write(RequestKind kind, const Key& key, const ObjectParameters& parameters, Context context,
                         Blob value);

// 2xx for kDone; otherwise the status for the reason: 400, 409, 503 (certainly not done, with Retry-After), 504 (the
// outcome is unknown).
int status_of(const ClientReply& reply) noexcept;
// The outcome as a sentence for people.
std::string explain(const ClientReply& reply);

// X-Riak-Vclock, X-Acks, X-Coordinator, Retry-After: as far as they apply.
void add_reply_headers(const ClientReply& reply, const Key& key, const GatewaySettings& settings, Response& response);

// One version as a client sees it.
struct Version {
  const Sibling* sibling = nullptr;
  Envelope envelope;
  std::string_view body;
};
// The object's siblings as versions. Fails on a value that this API has not written.
Result<std::vector<Version>> versions_of(const Object& object);

// The permanent name of one version: sixteen hexadecimal digits.
std::string vtag_of(const Dot& dot);

}  // namespace dkv::http
