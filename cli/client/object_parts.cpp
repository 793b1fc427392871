#include "cli/client/object_parts.h"

#include <fmt/format.h>

#include "cli/terminal/exit_status.h"
#include "cli/terminal/text.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

// "total=2;primary=1;hinted=1;need=2" -> {"total":2,…}
Json acks_json(const HttpAnswer& answer) {
  Json json = Json::object();
  const std::string acks = text_of(answer, "X-Acks");
  std::string_view rest = acks;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (const auto number = parse_whole(pair.substr(equals + 1))) json[std::string(pair.substr(0, equals))] = *number;
  }
  return json;
}

std::string copies_text(const HttpAnswer& answer) {
  const Json acks = acks_json(answer);
  const auto number = [&](const char* name) { return acks.value(name, std::uint64_t{0}); };
  if (number("need") == 0) return {};
  std::string text = fmt::format(": {} stored, {} needed", counted(number("total"), "copy", "copies"), number("need"));
  if (number("hinted") > 0) {
    text += fmt::format("; {} of them on a stand-in for a primary that can't be reached", number("hinted"));
  }
  return text;
}

}  // namespace

std::string text_of(const HttpAnswer& answer, std::string_view name) {
  const std::string* value = answer.header(name);
  return value == nullptr ? std::string() : *value;
}

std::string object_target(const ClientArguments& arguments, bool reads, bool writes) {
  std::string text = "/buckets/" + url_escaped(arguments.bucket) + "/keys/" + url_escaped(arguments.key);
  char mark = '?';
  const auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    text += mark + std::string(name) + "=" + url_escaped(value);
    mark = '&';
  };
  if (reads) add("r", arguments.r), add("pr", arguments.pr);
  if (writes) add("w", arguments.w), add("pw", arguments.pw);
  if (arguments.timeout_ns > 0) add("timeout", std::to_string(arguments.timeout_ns / kMillisecond));
  return text;
}

HttpRequest object_request(const char* method, std::string target) {
  return {.method = method, .target = std::move(target), .headers = {{"Accept", "application/json"}}, .body = {}};
}

Json head_json(const ClientArguments& arguments, const HttpAnswer& answer) {
  return {{"key", arguments.key},
          {"bucket", arguments.bucket},
          {"context", text_of(answer, kContextHeader)},
          {"acks", acks_json(answer)},
          {"coordinator", text_of(answer, "X-Coordinator")}};
}

int not_found(const ClientArguments& arguments, const HttpAnswer& answer) {
  const bool deleted = answer.header("X-Riak-Deleted") != nullptr;
  if (arguments.json) {
    Json json = head_json(arguments, answer);
    json["found"] = false;
    if (deleted) json["deleted"] = true;
    print_json(json);
  }
  fmt::print(stderr, "distri-kv: {}: {} was not found{}\n", arguments.command, key_shown(arguments),
             deleted ? ": it was deleted" : "");
  return kFailed;
}

int print_written(const ClientArguments& arguments, const HttpAnswer& answer, const char* status) {
  if (arguments.json) {
    Json json = head_json(arguments, answer);
    json["status"] = status;
    return print_json(json), kAllHeld;
  }
  fmt::print("{} {}{}\n", key_shown(arguments), status, copies_text(answer));
  return kAllHeld;
}

}  // namespace dkv::cli
