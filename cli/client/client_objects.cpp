// get, put, delete: by Riak's routes, which carry any bytes as they are.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <iterator>

#include "cli/client/client_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"
#include "engine/core/key.h"
#include "engine/input/units.h"
#include "engine/runtime/http/message.h"
#include "engine/runtime/http/utf8.h"

namespace dkv::cli {
namespace {

constexpr int kFound = 200, kSiblings = 300, kAbsent = 404;
constexpr const char* kContextHeader = "X-Riak-Vclock";
constexpr std::size_t kValueBytesShown = 60;

std::string text_of(const HttpAnswer& answer, std::string_view name) {
  const std::string* value = answer.header(name);
  return value == nullptr ? std::string() : *value;
}

// Where the key is, with those of the options that apply.
std::string target(const ClientArguments& arguments, bool reads, bool writes) {
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

HttpRequest request(const char* method, std::string target) {
  return {.method = method, .target = std::move(target), .headers = {{"Accept", "application/json"}}, .body = {}};
}

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

Json head_json(const ClientArguments& arguments, const HttpAnswer& answer) {
  return {{"key", arguments.key},
          {"bucket", arguments.bucket},
          {"context", text_of(answer, kContextHeader)},
          {"acks", acks_json(answer)},
          {"coordinator", text_of(answer, "X-Coordinator")}};
}

void add_value(const std::string& bytes, Json& to) {
  const bool text = http::is_utf8(bytes);
  to["value"] = text ? bytes : http::encode_base64(bytes);
  if (!text) to["encoding"] = "base64";
}

// A command that a person may copy.
std::string again(const char* verb, const ClientArguments& arguments, const std::string& more) {
  std::string text = fmt::format("distri-kv {} {}{}", verb, arguments.key, more);
  if (arguments.bucket != kDefaultBucket) text += " --bucket " + arguments.bucket;
  if (!arguments.at.empty()) text += " --at " + arguments.at;
  return text;
}

int print_siblings(const ClientArguments& arguments, const HttpAnswer& answer) {
  const Json body = parse_json(answer.body);
  if (arguments.json) {
    Json json = head_json(arguments, answer);
    json["found"] = true;
    json["values"] = body.at("siblings");
    return print_json(json), kAllHeld;
  }
  Page page(stdout);
  page.line(fmt::format("{} has {}, written without knowledge of each other:", key_shown(arguments),
                        counted(body.at("siblings").size(), "sibling")));
  page.blank();
  Table table({"version", "type", "value"});
  for (const Json& sibling : body.at("siblings")) {
    if (sibling.value("deleted", false)) {
      table.row({sibling.at("vtag"), "", "(deleted)"});
      continue;
    }
    const Json& value = sibling.at("value");
    table.row({sibling.at("vtag"), sibling.at("content_type"),
               shown(value.is_string() ? value.get<std::string>() : json_line(value), kValueBytesShown)});
  }
  table.print(page);
  page.blank();
  page.line("Resolve them: write one value with the context of all.");
  page.line("  " + again("put", arguments, " VALUE --context " + text_of(answer, kContextHeader)));
  return kAllHeld;
}

int print_value(const ClientArguments& arguments, const HttpAnswer& answer) {
  if (arguments.json) {
    Json value = {{"vtag", text_of(answer, "ETag")}, {"content_type", text_of(answer, "Content-Type")}};
    value["vtag"] = value["vtag"].get<std::string>().substr(1, 16);  // without its quotes
    add_value(answer.body, value);
    Json json = head_json(arguments, answer);
    json["found"] = true;
    json["values"] = Json::array({std::move(value)});
    return print_json(json), kAllHeld;
  }
  // To a file byte by byte; a terminal is not to be given orders by a value.
  if (isatty(STDOUT_FILENO) != 0) {
    std::cout << harmless(answer.body) << '\n';
  } else {
    std::cout << answer.body;
  }
  std::cout.flush();
  return std::cout.good() ? kAllHeld : kFailed;
}

int not_found(const ClientArguments& arguments, const HttpAnswer& answer) {
  const bool deleted = answer.header("X-Riak-Deleted") != nullptr;
  if (arguments.json) {
    Json json = head_json(arguments, answer);
    json["found"] = false;
    if (deleted) json["deleted"] = true;
    print_json(json);
  }
  fmt::print(stderr, "distri-kv: {}: {} is not there{}\n", verb_name(arguments.verb), key_shown(arguments),
             deleted ? ": it was deleted" : "");
  return kFailed;
}

std::string copies_text(const HttpAnswer& answer) {
  const Json acks = acks_json(answer);
  const auto number = [&](const char* name) { return acks.value(name, std::uint64_t{0}); };
  if (number("need") == 0) return {};
  std::string text = fmt::format(": {} stored, {} needed", counted(number("total"), "copy", "copies"), number("need"));
  if (number("hinted") > 0) {
    text += fmt::format("; {} of them by a node that stands in for one that can't be reached", number("hinted"));
  }
  return text;
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

std::string content_type(const ClientArguments& arguments, const std::string& value) {
  if (!arguments.content_type.empty()) return arguments.content_type;
  return http::is_utf8(value) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

}  // namespace

int get_command(const ClientArguments& arguments, Contact& contact) {
  const auto answer = contact.ask(request("GET", target(arguments, true, false)));
  if (!answer) return unanswered(arguments, answer.error());
  if (answer->status == kSiblings) return print_siblings(arguments, *answer);
  if (answer->status == kFound) return print_value(arguments, *answer);
  if (answer->status == kAbsent) return not_found(arguments, *answer);
  return refused(arguments, *answer);
}

int put_command(const ClientArguments& arguments, Contact& contact) {
  std::string value = arguments.value;
  if (value == "-") value.assign(std::istreambuf_iterator<char>(std::cin), {});
  std::string context = arguments.context;
  if (context.empty() && !arguments.blind) {
    const auto seen = contact.ask(request("GET", target(arguments, true, false)));
    if (!seen) return unanswered(arguments, seen.error());
    if (seen->status != kFound && seen->status != kSiblings && seen->status != kAbsent)
      return refused(arguments, *seen);
    context = text_of(*seen, kContextHeader);
  }
  HttpRequest put = request("PUT", target(arguments, false, true));
  put.headers.emplace_back("Content-Type", content_type(arguments, value));
  if (!context.empty()) put.headers.emplace_back(kContextHeader, context);
  put.body = std::move(value);
  const auto answer = contact.ask(put);
  if (!answer) return unanswered(arguments, answer.error());
  return answer->fine() ? print_written(arguments, *answer, "stored") : refused(arguments, *answer);
}

int delete_command(const ClientArguments& arguments, Contact& contact) {
  HttpRequest removal = request("DELETE", target(arguments, true, true));
  if (!arguments.context.empty()) removal.headers.emplace_back(kContextHeader, arguments.context);
  const auto answer = contact.ask(removal);
  if (!answer) return unanswered(arguments, answer.error());
  if (answer->status == kAbsent) return not_found(arguments, *answer);
  return answer->fine() ? print_written(arguments, *answer, "deleted") : refused(arguments, *answer);
}

}  // namespace dkv::cli
