#include "engine/runtime/http/kv_api.h"

#include <algorithm>

#include "engine/input/units.h"
#include "engine/runtime/http/json.h"
#include "engine/runtime/http/preconditions.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {
namespace {

std::string context_text(const ClientReply& reply) {
  return reply.context.seen.empty() ? std::string() : encode_base64(encode_context(reply.context));
}

Response failure(const ClientReply& reply, const ServerConfig& config) {
  Response response = json_error(status_of(reply), explain(reply));
  add_reply_headers(reply, config, response);
  return response;
}

Response not_found(const ClientReply& reply, const ServerConfig& config) {
  Response response = json_error(404, "not found");
  add_reply_headers(reply, config, response);
  return response;
}

Response precondition_failed(const ClientReply& reply, const ServerConfig& config) {
  Response response = json_error(412, kPreconditionFailed);
  add_reply_headers(reply, config, response);
  return response;
}

}  // namespace

Response json_error(int status, std::string_view what) {
  return {.status = status,
          .content_type = "application/json",
          .headers = {},
          .body = error_json(what, status, NodeHost::wall_ns())};
}

KvApi::KvApi(const ServerConfig& config, Ask ask) : config_(config), ask_(std::move(ask)) {}

bool KvApi::handle(Request& request, Respond& respond) {
  const auto& path = request.segments;
  if (path.size() < 3 || path[0] != "api" || path[1] != "v1" || path[2] != "kv") return false;
  if (path.size() != 4) return respond(json_error(404, "a key is one segment: /api/v1/kv/{key}, '/' as %2F")), true;
  std::string bucket(kDefaultBucket);
  const auto named = std::ranges::find(request.parameters, "bucket", [](const auto& pair) { return pair.first; });
  if (named != request.parameters.end()) {
    bucket = named->second;
    request.parameters.erase(named);
  }
  const auto key = Key::make(bucket, path[3]);
  if (!key) return respond(json_error(400, key.error().what)), true;
  const auto parameters = read_parameters(request, config_.quorum);
  if (!parameters) return respond(json_error(400, parameters.error().what)), true;
  switch (request.method) {
    case Method::kGet:
    case Method::kHead: get(std::move(request), *key, *parameters, std::move(respond)); return true;
    case Method::kPut: put(std::move(request), *key, *parameters, std::move(respond)); return true;
    case Method::kDelete: remove(std::move(request), *key, *parameters, std::move(respond)); return true;
    default: break;
  }
  Response response = json_error(405, "a key takes GET, HEAD, PUT and DELETE");
  response.header("Allow", "GET, HEAD, PUT, DELETE");
  respond(std::move(response));
  return true;
}

void KvApi::get(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond) {
  ask_(make_get(key, parameters),
       [this, key, request = std::move(request), respond = std::move(respond)](ClientReply&& reply) {
         if (reply.outcome != Outcome::kDone) return respond(failure(reply, config_));
         if (!reply.object || reply.object->deleted()) return respond(not_found(reply, config_));
         const auto versions = versions_of(*reply.object);
         if (!versions) return respond(json_error(500, versions.error().what));
         const Validators stored = validators_with_context(reply.object.get());
         const Preconditions verdict = evaluate_preconditions(request, stored);
         if (verdict == Preconditions::kFailed) return respond(precondition_failed(reply, config_));
         Response response;
         response.status = versions->size() == 1 ? 200 : 300;
         response.content_type = "application/json";
         add_reply_headers(reply, config_, response);
         add_validators(stored, response);
         if (verdict == Preconditions::kNotModified) {
           response.status = 304;
           return respond(std::move(response));
         }
         const std::string context = context_text(reply);
         response.body = versions->size() == 1 ? value_json(key.key(), versions->front(), context)
                                               : values_json(key.key(), *versions, context);
         respond(std::move(response));
       });
}

void KvApi::put(Request&& request, const Key& key, ObjectParameters parameters, Respond&& respond) {
  auto envelope = envelope_of(request);
  if (!envelope) return respond(json_error(400, envelope.error().what));
  std::string value = std::move(request.body);
  const std::string* context_header = request.header("x-riak-vclock");
  std::string context = context_header == nullptr ? std::string() : *context_header;
  const bool says_json = envelope->content_type.starts_with("application/json");
  const bool says_nothing =
      request.header("content-type") == nullptr || envelope->content_type == "application/x-www-form-urlencoded";
  if (says_json || (says_nothing && looks_like_plain_put(value))) {
    auto plain = read_plain_put(value);
    if (!plain) return respond(json_error(400, plain.error().what));
    envelope->content_type = plain->content_type;
    value = std::move(plain->value);
    if (plain->context) context = *plain->context;
    if (plain->ttl) {
      const auto ttl = parse_duration(*plain->ttl);
      if (!ttl || *ttl < kMillisecond) return respond(json_error(400, "\"ttl\" is no duration such as 30s"));
      parameters.ttl_ns = *ttl;
    }
  } else if (says_nothing && is_utf8(value)) {
    envelope->content_type = "text/plain; charset=utf-8";
  }
  auto seen = context_of(context);
  if (!context.empty() && !seen) return respond(json_error(400, seen.error().what));
  ClientRequest write = make_write(RequestKind::kPut, key, parameters, context.empty() ? Context{} : std::move(*seen),
                                   wrap(*envelope, value));
  look_and_write(std::move(request), std::move(write), parameters, std::move(respond));
}

void KvApi::remove(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond) {
  auto context = context_of(request);
  if (!context) return respond(json_error(400, context.error().what));
  ClientRequest write = make_write(RequestKind::kDelete, key, parameters, std::move(*context), {});
  look_and_write(std::move(request), std::move(write), parameters, std::move(respond));
}

void KvApi::look_and_write(Request&& request, ClientRequest&& write, const ObjectParameters& parameters,
                           Respond&& respond) {
  const bool blind = write.context.seen.empty();
  if (!blind && !has_preconditions(request)) return this->write(std::move(write), std::move(respond));
  const Key key = write.key;
  ask_(make_get(key, parameters), [this, blind, request = std::move(request), write = std::move(write),
                                   respond = std::move(respond)](ClientReply&& reply) mutable {
    if (reply.outcome != Outcome::kDone) return respond(failure(reply, config_));
    const Validators stored = validators_with_context(reply.object.get());
    if (blind && write.kind == RequestKind::kDelete && !stored.exists) return respond(not_found(reply, config_));
    if (evaluate_preconditions(request, stored) != Preconditions::kProceed) {
      return respond(precondition_failed(reply, config_));
    }
    if (blind) write.context = std::move(reply.context);
    this->write(std::move(write), std::move(respond));
  });
}

void KvApi::write(ClientRequest&& write, Respond&& respond) {
  const bool deletes = write.kind == RequestKind::kDelete;
  ask_(ClientRequest(write),
       [this, deletes, key = write.key, value = write.value, respond = std::move(respond)](ClientReply&& reply) {
         if (reply.outcome != Outcome::kDone) return respond(failure(reply, config_));
         Response response;
         response.content_type = "application/json";
         add_reply_headers(reply, config_, response);
         if (deletes) {
           response.body = deleted_json(key.key());
         } else {
           Version version;
           auto envelope = unwrap(value.view(), version.body);
           if (!envelope) return respond(json_error(500, envelope.error().what));
           version.envelope = std::move(*envelope);
           response.body = stored_json(key.key(), version, context_text(reply));
         }
         respond(std::move(response));
       });
}

}  // namespace dkv::http
