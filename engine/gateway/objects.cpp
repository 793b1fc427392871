#include "engine/gateway/objects.h"

#include "engine/core/hash.h"
#include "engine/input/units.h"

namespace dkv::http {

namespace {

constexpr std::size_t kContextTextMax = (ContextSeal::kBytesMax + 2) / 3 * 4;

}  // namespace

std::string context_text(const Context& context, const Key& key, const ContextSeal& seal) {
  return context.seen.empty() ? std::string() : encode_base64(seal.seal(key, context));
}

Result<Context> context_of(std::string_view base64, const Key& key, const ContextSeal& seal) {
  // A body may bring megabytes here, which would take a long turn.
  if (base64.size() > kContextTextMax) return fail("the context is longer than any context of this store");
  std::string token;
  if (!decode_base64(base64, token)) return fail("the context is no base64 text");
  return seal.open(key, token);
}

Result<Context> context_of(const Request& request, const Key& key, const ContextSeal& seal) {
  const std::string* header = request.header("x-riak-vclock");
  return header == nullptr ? Context{} : context_of(*header, key, seal);
}

ClientRequest make_get(const Key& key, const ObjectParameters& parameters) {
  ClientRequest request;
  request.kind = RequestKind::kGet;
  request.mode = parameters.mode;
  request.need = parameters.r;
  request.need_primary = parameters.pr;
  request.timeout_ms = parameters.timeout_ms;
  request.key = key;
  return request;
}

ClientRequest make_write(RequestKind kind, const Key& key, const ObjectParameters& parameters, Context context,
                         Blob value) {
  ClientRequest request = make_get(key, parameters);
  request.kind = kind;
  request.need = parameters.w;
  request.need_primary = parameters.pw;
  request.return_siblings = parameters.return_body;
  request.ttl_ns = kind == RequestKind::kPut ? parameters.ttl_ns : 0;
  request.context = std::move(context);
  request.value = std::move(value);
  return request;
}

int status_of(const ClientReply& reply) noexcept {
  if (reply.outcome == Outcome::kDone) return 200;
  switch (reply.reason) {
    case Reason::kBadRequest: return 400;
    case Reason::kTooManySiblings: return 409;
    default: return reply.outcome == Outcome::kRefused ? 503 : 504;
  }
}

std::string explain(const ClientReply& reply) {
  std::string text = reason_text(reply.reason);
  if (reply.outcome == Outcome::kRefused) text += "; nothing was done";
  if (reply.outcome == Outcome::kUnknown) text += "; the request may or may not have been carried out";
  return text;
}

void add_reply_headers(const ClientReply& reply, const Key& key, const GatewaySettings& settings, Response& response) {
  if (std::string context = context_text(reply.context, key, settings.contexts); !context.empty()) {
    response.header(kContextHeader, std::move(context));
  }
  const AckSummary& acks = reply.acks;
  if (acks.need > 0) {
    response.header("X-Acks", "total=" + std::to_string(acks.total) + ";primary=" + std::to_string(acks.primary) +
                                  ";hinted=" + std::to_string(acks.fallback) + ";need=" + std::to_string(acks.need));
  }
  if (reply.coordinator < settings.node_names.size()) {
    response.header("X-Coordinator", settings.node_names[reply.coordinator]);
  }
  if (response.status == 503) response.header("Retry-After", "1");
}

Result<std::vector<Version>> versions_of(const Object& object) {
  std::vector<Version> versions;
  for (const Sibling& sibling : object.siblings()) {
    Version version{.sibling = &sibling, .envelope = {}, .body = {}};
    if (!sibling.tombstone) {
      auto envelope = unwrap(sibling.value.view(), version.body);
      if (!envelope) return tl::unexpected(Error{"a stored value can't be understood: " + envelope.error().what});
      version.envelope = std::move(*envelope);
    }
    versions.push_back(std::move(version));
  }
  return versions;
}

std::string vtag_of(const Dot& dot) {
  const std::uint64_t actor = hash_combine(dot.actor.id.high, dot.actor.id.low);
  return hex16(hash_combine(hash_combine(actor, dot.actor.epoch), dot.counter));
}

}  // namespace dkv::http
