#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/object.h"
#include "engine/protocol/client.h"
#include "engine/runtime/config.h"
#include "engine/runtime/http/envelope.h"
#include "engine/runtime/http/message.h"
#include "engine/runtime/http/parameters.h"

namespace dkv::http {

// Hands a request to the node; answered once.
using Ask = std::function<void(ClientRequest&&, std::function<void(ClientReply&&)>)>;

// Calls a step now or soon, and again in later turns of the host while it answers true.
using Later = std::function<void(std::function<bool()>)>;

// What Riak's routes and the plain JSON ones have in common: how a request for an object is made, and how an outcome is
// told.

inline constexpr const char* kContextHeader = "X-Riak-Vclock";

// The context that the request hands back, in base64; empty without one.
Result<Context> context_of(const Request& request);
Result<Context> context_of(std::string_view base64);

ClientRequest make_get(const Key& key, const ObjectParameters& parameters);
ClientRequest make_write(RequestKind kind, const Key& key, const ObjectParameters& parameters, Context context,
                         Blob value);

// 2xx for kDone; otherwise the status for the reason: 400, 409, 503 (certainly not done, with Retry-After), 504 (the
// outcome is unknown).
int status_of(const ClientReply& reply) noexcept;
// What happened, in a sentence for the person who asked.
std::string explain(const ClientReply& reply);

// X-Riak-Vclock, X-Acks, X-Coordinator, Retry-After: as far as they apply.
void add_reply_headers(const ClientReply& reply, const ServerConfig& config, Response& response);

// One version as a client sees it.
struct Version {
  const Sibling* sibling = nullptr;
  Envelope envelope;
  std::string_view body;
};
// Of the object's siblings; fails on a value that this API has not written.
Result<std::vector<Version>> versions_of(const Object& object);

// Names one version for ever: sixteen hexadecimal digits.
std::string vtag_of(const Dot& dot);

}  // namespace dkv::http
