#include <fmt/format.h>

#include "cli/client/client_parts.h"
#include "cli/commands.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/text.h"
#include "engine/core/key.h"

namespace dkv::cli {
namespace {

constexpr TimeNs kPatienceNs = 5 * kSecond;
constexpr int kBadRequest = 400;

std::string first_line(const std::string& text) {
  return harmless(text.substr(0, text.find('\n')));
}

tl::expected<Json, HttpFailure> read_json(const tl::expected<HttpAnswer, HttpFailure>& answer, const Address& server) {
  if (!answer) return tl::unexpected(answer.error());
  const auto strange = [&](const std::string& what) {
    return tl::unexpected(HttpFailure{true, to_string(server) + " " + what});
  };
  if (!answer->fine()) return strange(fmt::format("answered with {}: {}", answer->status, first_line(answer->body)));
  auto json = parse_json(answer->body);
  if (!json.is_object()) return strange("answered with something else than JSON: is it a node of Distri-KV?");
  return json;
}

int dispatch(const ClientArguments& arguments, Contact& contact) {
  switch (arguments.verb) {
    case ClientVerb::kGet: return get_command(arguments, contact);
    case ClientVerb::kPut: return put_command(arguments, contact);
    case ClientVerb::kDelete: return delete_command(arguments, contact);
    case ClientVerb::kStatus: return status_command(arguments, contact);
    case ClientVerb::kRing: return ring_command(arguments, contact);
    case ClientVerb::kPreflist: return preflist_command(arguments, contact);
    case ClientVerb::kExplain: return explain_command(arguments, contact);
  }
  return kBadInput;
}

}  // namespace

const char* verb_name(ClientVerb verb) {
  switch (verb) {
    case ClientVerb::kGet: return "get";
    case ClientVerb::kPut: return "put";
    case ClientVerb::kDelete: return "delete";
    case ClientVerb::kStatus: return "status";
    case ClientVerb::kRing: return "ring";
    case ClientVerb::kPreflist: return "preflist";
    case ClientVerb::kExplain: return "explain";
  }
  return "?";
}

// The node's own time-out gives the better answer: it is waited for a little longer.
TimeNs patience_ns(const ClientArguments& arguments) {
  return arguments.timeout_ns == 0 ? kPatienceNs : arguments.timeout_ns + kSecond;
}

std::string key_shown(const ClientArguments& arguments) {
  const std::string key = shown(arguments.key);
  return arguments.bucket == kDefaultBucket ? key : key + " of bucket " + shown(arguments.bucket);
}

std::string bucket_query(const ClientArguments& arguments) {
  return "?bucket=" + url_escaped(arguments.bucket);
}

int complain(const ClientArguments& arguments, const std::string& what, int exit_status) {
  fmt::print(stderr, "distri-kv: {}: {}\n", verb_name(arguments.verb), what);
  if (arguments.json) print_json({{"error", what}});
  return exit_status;
}

int unanswered(const ClientArguments& arguments, const HttpFailure& failure) {
  const bool writes = arguments.verb == ClientVerb::kPut || arguments.verb == ClientVerb::kDelete;
  const char* doubt = failure.sent && writes ? "; what was asked may or may not be done" : "";
  return complain(arguments, failure.what + doubt, kBadInput);
}

int refused(const ClientArguments& arguments, const HttpAnswer& answer) {
  std::string what = first_line(answer.body);
  if (what.empty()) what = "the node answered with status " + std::to_string(answer.status);
  return complain(arguments, what, answer.status == kBadRequest ? kBadInput : kFailed);
}

void print_json(const Json& json) {
  fmt::print("{}\n", json_line(json));
}

tl::expected<Json, HttpFailure> ask_json(HttpClient& client, const std::string& target) {
  return read_json(client.get(target), client.server());
}
tl::expected<Json, HttpFailure> ask_json(Contact& contact, const std::string& target) {
  const auto answer = contact.get(target);
  return read_json(answer, contact.server());
}

int client_command(const ClientArguments& arguments) {
  auto servers = contacts(arguments.at);
  if (!servers) return complain(arguments, servers.error().what, kBadInput);
  Contact contact(std::move(*servers), patience_ns(arguments));
  try {
    return dispatch(arguments, contact);
  } catch (const Json::exception& error) {
    // A field is absent or of another type than this program knows.
    return complain(arguments, to_string(contact.server()) + " answered in an unknown form: " + error.what(),
                    kBadInput);
  }
}

}  // namespace dkv::cli
