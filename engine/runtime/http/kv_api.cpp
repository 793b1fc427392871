#include "engine/runtime/http/kv_api.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/input/units.h"
#include "engine/runtime/http/json.h"
#include "engine/runtime/http/json_reader.h"
#include "engine/runtime/http/preconditions.h"
#include "engine/runtime/http/utf8.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {
namespace {

// A body that says nothing of its type may be the JSON of a plain put, or the value itself; above this it is the value.
constexpr std::size_t kGuessedBytesMax = 1u << 20;
constexpr const char* kPlainText = "text/plain; charset=utf-8";

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

// A put whose body is being read.
struct KvApi::Put {
  enum class Step : std::uint8_t { kJson, kText, kWrap };

  Request request;  // without its body
  Key key;
  ObjectParameters parameters;
  Envelope envelope;
  std::string context;  // base64
  std::string body;     // what the client sent; then the value in it
  bool may_be_raw = false;
  Respond respond;

  Step step = Step::kWrap;
  std::size_t at = 0;  // within the body
  std::optional<JsonReader> json;
  Utf8Check text;
  std::optional<Wrapping> wrapping;
};

KvApi::KvApi(const ServerConfig& config, Ask ask, Later later)
    : config_(config), ask_(std::move(ask)), later_(std::move(later)) {}

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
         BodySource body;
         if (versions->size() == 1) {
           value_json(key.key(), versions->front(), context, body);
         } else {
           values_json(key.key(), *versions, context, body);
         }
         set_body(response, std::move(body));
         respond(std::move(response));
       });
}

void KvApi::put(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond) {
  auto envelope = envelope_of(request);
  if (!envelope) return respond(json_error(400, envelope.error().what));
  const auto put = std::make_shared<Put>();
  put->key = key;
  put->parameters = parameters;
  put->body = std::move(request.body);
  put->respond = std::move(respond);
  const std::string* context_header = request.header("x-riak-vclock");
  if (context_header != nullptr) put->context = *context_header;
  const bool says_json = envelope->content_type.starts_with("application/json");
  const bool says_nothing =
      request.header("content-type") == nullptr || envelope->content_type == "application/x-www-form-urlencoded";
  put->may_be_raw = !says_json;
  put->envelope = std::move(*envelope);
  const bool looks_plain = put->body.starts_with('{') && put->body.size() <= kGuessedBytesMax;
  if (says_json || (says_nothing && looks_plain)) {
    put->step = Put::Step::kJson;
    put->json.emplace(JsonReader::Purpose::kPlainPut, put->body.size());
  } else if (says_nothing) {
    put->step = Put::Step::kText;
  }
  put->request = std::move(request);
  later_([this, put] { return read_on(*put); });
}

bool KvApi::read_on(Put& put) {
  if (put.step == Put::Step::kWrap) {
    if (!put.wrapping) put.wrapping.emplace(put.envelope, put.body);
    if (!put.wrapping->step()) return true;
    ask_for(put);
    return false;
  }
  const std::string_view piece = std::string_view(put.body).substr(put.at, BodySource::kPieceBytes);
  put.at += piece.size();
  const bool last = put.at == put.body.size();
  const bool json = put.step == Put::Step::kJson;
  const bool good =
      json ? put.json->add(piece) && (!last || put.json->end()) : put.text.add(piece) && (!last || put.text.complete());
  if (good && !last) return true;
  put.step = Put::Step::kWrap;
  if (!json) {
    if (good) put.envelope.content_type = kPlainText;
    return true;
  }
  if (put.may_be_raw && (!good || !put.json->has_value())) {
    put.json.reset();
    put.at = 0;
    put.step = Put::Step::kText;
    return true;
  }
  const auto refuse = [&](std::string_view what) { return put.respond(json_error(400, what)), false; };
  if (!good) return refuse("the body is no JSON, or deeper than " + std::to_string(kJsonDepthMax) + " levels");
  auto plain = put.json->take_put();
  if (!plain) return refuse(plain.error().what);
  put.envelope.content_type = plain->content_type;
  put.body = std::move(plain->value);
  if (plain->context) put.context = std::move(*plain->context);
  if (plain->ttl) {
    const auto ttl = parse_duration(*plain->ttl);
    if (!ttl || *ttl < kMillisecond) return refuse("\"ttl\" is no duration such as 30s");
    put.parameters.ttl_ns = *ttl;
  }
  put.json.reset();
  return true;
}

void KvApi::ask_for(Put& put) {
  std::string().swap(put.body);
  auto seen = context_of(put.context);
  if (!put.context.empty() && !seen) return put.respond(json_error(400, seen.error().what));
  ClientRequest request = make_write(RequestKind::kPut, put.key, put.parameters,
                                     put.context.empty() ? Context{} : std::move(*seen), put.wrapping->take());
  look_and_write(std::move(put.request), std::move(request), put.parameters, std::move(put.respond));
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
           BodySource body;
           stored_json(key.key(), version, value, context_text(reply), body);
           set_body(response, std::move(body));
         }
         respond(std::move(response));
       });
}

}  // namespace dkv::http
