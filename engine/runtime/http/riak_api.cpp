#include "engine/runtime/http/riak_api.h"

#include <algorithm>
#include <memory>

#include "engine/core/hash.h"
#include "engine/input/units.h"
#include "engine/runtime/http/json.h"
#include "engine/runtime/http/preconditions.h"

namespace dkv::http {
namespace {

std::string text_of(const std::string* header) {
  return header == nullptr ? std::string() : *header;
}

// What a GET with these parameters would show; vtag: the one sibling that is wanted, if any.
Validators selected(const ClientReply& reply, std::string_view vtag) {
  const Object* object = reply.object.get();
  if (object == nullptr || object->deleted() || vtag.empty()) return validators_of(object);
  for (const Sibling& sibling : object->siblings()) {
    if (vtag_of(sibling.dot) == vtag) return validators_of(sibling);
  }
  return {};
}

const char* unsupported(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-riak-index-")) return "secondary indexes are not offered";
  }
  return nullptr;
}

}  // namespace

RiakApi::RiakApi(const ServerConfig& config, Ask ask, std::uint64_t key_seed)
    : config_(config), ask_(std::move(ask)), key_seed_(key_seed) {}

bool RiakApi::handle(Request& request, Respond& respond) {
  // Taken out, for the request moves on while its path is still read.
  const std::vector<std::string>& asked = request.segments;
  const bool ping = asked.size() == 1 && asked[0] == "ping";
  if (!asked.empty() && !ping && asked[0] != "riak" && asked[0] != "buckets") return false;
  const std::vector<std::string> path = std::move(request.segments);
  if (path.empty()) {
    respond({.content_type = "application/json", .headers = {}, .body = resources_json()});
    return true;
  }
  if (ping) {
    respond({.content_type = "text/plain", .headers = {}, .body = "OK"});
    return true;
  }
  const bool older = path[0] == "riak";
  if (path.size() == 1) {
    respond(text_response(501, "listing buckets is not offered: it would read every key of every node"));
  } else if (older && path.size() == 3) {
    object(std::move(request), path[1], path[2], std::move(respond));
  } else if (!older && path.size() == 4 && path[2] == "keys") {
    object(std::move(request), path[1], path[3], std::move(respond));
  } else if ((older && path.size() == 2) || (!older && path.size() == 3 && path[2] == "keys")) {
    if (request.method == Method::kPost) {
      insert(std::move(request), path[1], std::move(respond));
    } else {
      respond(text_response(501, "listing keys is not offered: it would read every key of every node"));
    }
  } else if (!older && path.size() == 3 && path[2] == "props") {
    properties(request, path[1], respond);
  } else {
    respond(text_response(501, "of a bucket there are /keys/{key} and /props"));
  }
  return true;
}

void RiakApi::object(Request&& request, const std::string& bucket, const std::string& name, Respond&& respond) {
  const auto key = Key::make(bucket, name);
  if (!key) return respond(text_response(400, key.error().what));
  const auto parameters = read_parameters(request, config_.quorum);
  if (!parameters) return respond(text_response(400, parameters.error().what));
  switch (request.method) {
    case Method::kGet:
    case Method::kHead: return get(std::move(request), *key, *parameters, std::move(respond));
    case Method::kPut:
    case Method::kPost: return put(std::move(request), *key, *parameters, std::move(respond), {});
    case Method::kDelete: return remove(std::move(request), *key, *parameters, std::move(respond));
    default: break;
  }
  Response response = text_response(405, "a key takes GET, HEAD, PUT, POST and DELETE");
  response.header("Allow", "GET, HEAD, PUT, POST, DELETE");
  respond(std::move(response));
}

void RiakApi::get(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond) {
  ask_(make_get(key, parameters), [this, respond = std::move(respond), vtag = std::string(parameters.vtag),
                                   request = std::move(request)](ClientReply&& reply) {
    Response response = object_response(reply, config_, text_of(request.header("accept")), vtag);
    // Only of what would be shown (RFC 9110, 13.2.1); siblings are shown, too, though their status is no 2xx.
    if (response.status == 200 || response.status == 300) {
      switch (evaluate_preconditions(request, selected(reply, vtag))) {
        case Preconditions::kProceed: break;
        case Preconditions::kFailed: return respond(precondition_failed(reply));
        case Preconditions::kNotModified: response.status = 304; response.body.clear();
      }
    }
    respond(std::move(response));
  });
}

void RiakApi::put(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond,
                  std::string location) {
  if (const char* what = unsupported(request)) return respond(text_response(501, what));
  auto context = context_of(request);
  if (!context) return respond(text_response(400, context.error().what));
  const auto envelope = envelope_of(request);
  if (!envelope) return respond(text_response(400, envelope.error().what));
  ClientRequest put =
      make_write(RequestKind::kPut, key, parameters, std::move(*context), wrap(*envelope, request.body));
  std::string accept = text_of(request.header("accept"));
  if (!has_preconditions(request)) {
    return write(std::move(put), std::move(respond), std::move(accept), std::move(location));
  }
  std::string().swap(request.body);  // the write has it
  // A look before the write, and no more: somebody else's write may come between the two.
  ask_(make_get(key, parameters),
       [this, put = std::move(put), respond = std::move(respond), accept = std::move(accept),
        location = std::move(location), request = std::move(request)](ClientReply&& reply) mutable {
         if (reply.outcome != Outcome::kDone) return respond(object_response(reply, config_, {}, {}));
         if (evaluate_preconditions(request, validators_of(reply.object.get())) != Preconditions::kProceed) {
           return respond(precondition_failed(reply));
         }
         write(std::move(put), std::move(respond), std::move(accept), std::move(location));
       });
}

Response RiakApi::precondition_failed(const ClientReply& reply) const {
  Response response = text_response(412, kPreconditionFailed);
  add_reply_headers(reply, config_, response);
  return response;
}

void RiakApi::write(ClientRequest&& request, Respond&& respond, std::string accept, std::string location) {
  const bool with_body = request.return_siblings;
  ask_(std::move(request), [this, respond = std::move(respond), accept = std::move(accept), with_body,
                            location = std::move(location)](ClientReply&& reply) {
    Response response;
    if (reply.outcome != Outcome::kDone || with_body) {
      response = object_response(reply, config_, accept, {});
    } else {
      response.status = 204;
      response.content_type = "text/plain";  // of no body: Riak says one, and its clients look at it
      add_reply_headers(reply, config_, response);
    }
    if (reply.outcome == Outcome::kDone && !location.empty()) {
      response.status = 201;
      response.header("Location", location);
    }
    respond(std::move(response));
  });
}

// Without a context, what the key holds now is read first and deleted: a delete that has seen nothing would only add a
// sibling. A precondition is a reason to read, too. What is deleted is what was read, or the part of it that the
// client's own context names: a write between the two stays as a sibling.
void RiakApi::remove(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond) {
  auto context = context_of(request);
  if (!context) return respond(text_response(400, context.error().what));
  const bool blind = context->seen.empty();
  ClientRequest remove = make_write(RequestKind::kDelete, key, parameters, std::move(*context), {});
  if (!blind && !has_preconditions(request)) return write(std::move(remove), std::move(respond), {}, {});
  ask_(make_get(key, parameters), [this, remove = std::move(remove), blind, respond = std::move(respond),
                                   request = std::move(request)](ClientReply&& reply) mutable {
    if (reply.outcome != Outcome::kDone) return respond(object_response(reply, config_, {}, {}));
    const Validators stored = validators_of(reply.object.get());
    if (blind && !stored.exists) return respond(object_response(reply, config_, {}, {}));
    if (evaluate_preconditions(request, stored) != Preconditions::kProceed) return respond(precondition_failed(reply));
    if (blind) remove.context = std::move(reply.context);
    write(std::move(remove), std::move(respond), {}, {});
  });
}

// A key nobody else makes: the seed differs between nodes and between their lives.
void RiakApi::insert(Request&& request, const std::string& bucket, Respond&& respond) {
  ++keys_made_;
  const std::string name = hex16(mix64(key_seed_ + keys_made_)) + hex16(mix64(~key_seed_ + keys_made_));
  const auto key = Key::make(bucket, name);
  if (!key) return respond(text_response(400, key.error().what));
  const auto parameters = read_parameters(request, config_.quorum);
  if (!parameters) return respond(text_response(400, parameters.error().what));
  const std::string folder = request.target.substr(0, request.target.find('?'));
  put(std::move(request), *key, *parameters, std::move(respond), folder + (folder.ends_with('/') ? "" : "/") + name);
}

void RiakApi::properties(const Request& request, const std::string& bucket, const Respond& respond) const {
  if (request.method != Method::kGet && request.method != Method::kHead) {
    return respond(text_response(501, "properties of buckets are set in the configuration"));
  }
  respond({.content_type = "application/json", .headers = {}, .body = properties_json(bucket, config_)});
}

}  // namespace dkv::http
