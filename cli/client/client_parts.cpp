#include "cli/client/client_parts.h"

#include <fmt/format.h>

#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/text.h"
#include "engine/core/key.h"
#include "engine/runtime/net/address.h"

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
  if (!json.is_object()) return strange("did not answer with JSON: is it a node of Distri-KV?");
  return json;
}

constexpr const char* kQuorumType = "N|one|quorum|all";

}  // namespace

void ClientCommand::declare_key(Options& options) {
  takes_key_ = true;
  options.argument("KEY", arguments_.key, "The key");
}

void ClientCommand::declare_bucket(Options& options) {
  options.text("--bucket", arguments_.bucket, "NAME", "The key's bucket (default)");
}

void ClientCommand::declare_read_quorum(Options& options) {
  options.text("--r", arguments_.r, kQuorumType, "How many nodes must answer a read");
  options.text("--pr", arguments_.pr, kQuorumType, "How many of these must be primaries of the key");
}

void ClientCommand::declare_write_quorum(Options& options) {
  options.text("--w", arguments_.w, kQuorumType, "How many nodes must have stored a write");
  options.text("--pw", arguments_.pw, kQuorumType, "How many of these must be primaries of the key");
}

void ClientCommand::declare_context(Options& options) {
  options.text("--context", arguments_.context, "CONTEXT", "The context that get printed");
}

void ClientCommand::declare_contact(Options& options) {
  options.text("--at", arguments_.at, "HOST:PORT",
               "A node's HTTP address ($DISTRI_KV_AT, the local cluster, or 127.0.0.1:8098)");
  options.duration("--timeout", arguments_.timeout_ns, "Longest time to wait for the answer (5s)", kMillisecond,
                   600 * kSecond);
  options.flag("--json", arguments_.json, "Print one JSON object");
}

void PreferenceListCommand::declare(Options& options) {
  declare_key(options);
  declare_bucket(options);
  declare_contact(options);
}

int PreferenceListCommand::ask(Contact& contact) {
  const auto list =
      ask_json(contact, "/api/v1/cluster/preflist/" + url_escaped(arguments_.key) + bucket_query(arguments_));
  return list ? show(*list) : unanswered(arguments_, list.error());
}

std::string ClientCommand::check(const Options&) {
  if (takes_key_) {
    if (const auto key = Key::make(arguments_.bucket, arguments_.key); !key) return key.error().what;
  }
  if (!arguments_.at.empty()) {
    if (const auto at = parse_address(arguments_.at); !at) return "--at: " + at.error().what;
  }
  return {};
}

int ClientCommand::run() {
  auto servers = contacts(arguments_.at);
  if (!servers) return complain(arguments_, servers.error().what, kBadInput);
  Contact contact(std::move(*servers), patience_ns(arguments_));
  try {
    return ask(contact);
  } catch (const Json::exception& error) {
    // A field is absent, or has a type that this program does not know.
    return complain(arguments_, to_string(contact.server()) + " answered in an unknown form: " + error.what(),
                    kBadInput);
  }
}

// Waits slightly longer than the node, because the node's own time-out gives the better answer.
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
  fmt::print(stderr, "distri-kv: {}: {}\n", arguments.command, what);
  if (arguments.json) print_json({{"error", what}});
  return exit_status;
}

int unanswered(const ClientArguments& arguments, const HttpFailure& failure) {
  const char* doubt = failure.sent && arguments.writes ? "; the outcome of the write is unknown" : "";
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

}  // namespace dkv::cli
