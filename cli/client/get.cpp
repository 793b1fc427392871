#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "cli/client/object_parts.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/page.h"
#include "cli/terminal/table.h"
#include "cli/terminal/text.h"
#include "engine/core/key.h"
#include "engine/gateway/message.h"
#include "engine/gateway/utf8.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kValueBytesShown = 60;

void add_value(const std::string& bytes, Json& to) {
  const bool text = http::is_utf8(bytes);
  to["value"] = text ? bytes : http::encode_base64(bytes);
  if (!text) to["encoding"] = "base64";
}

// A command line that the user can copy.
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
  page.line("Resolve them: write one value with this context, which covers all of them.");
  page.line("  " + again("put", arguments, " VALUE --context " + text_of(answer, kContextHeader)));
  return kAllHeld;
}

int print_value(const ClientArguments& arguments, const HttpAnswer& answer) {
  if (arguments.json) {
    Json value = {{"vtag", text_of(answer, "ETag")}, {"content_type", text_of(answer, "Content-Type")}};
    value["vtag"] = value["vtag"].get<std::string>().substr(1, 16);  // without the quotes
    add_value(answer.body, value);
    Json json = head_json(arguments, answer);
    json["found"] = true;
    json["values"] = Json::array({std::move(value)});
    return print_json(json), kAllHeld;
  }
  // A file gets the bytes unchanged. On a terminal, control characters of a value must have no effect.
  if (isatty(STDOUT_FILENO) != 0) {
    std::cout << harmless(answer.body) << '\n';
  } else {
    std::cout << answer.body;
  }
  std::cout.flush();
  return std::cout.good() ? kAllHeld : kFailed;
}

class Get final : public ClientCommand {
 public:
  Get() : ClientCommand("get", false) {}

 private:
  void declare(Options& options) override {
    declare_key(options);
    declare_bucket(options);
    declare_read_quorum(options);
    declare_contact(options);
  }

  int ask(Contact& contact) override {
    const auto answer = contact.ask(object_request("GET", object_target(arguments_, true, false)));
    if (!answer) return unanswered(arguments_, answer.error());
    if (answer->status == kSiblings) return print_siblings(arguments_, *answer);
    if (answer->status == kFound) return print_value(arguments_, *answer);
    if (answer->status == kAbsent) return not_found(arguments_, *answer);
    return refused(arguments_, *answer);
  }
};

}  // namespace

extern const CommandEntry kGet;
const CommandEntry kGet = {"get", "Print the value of a key, or all its siblings",
                           "Examples:\n"
                           "  distri-kv get hello\n"
                           "  distri-kv get cart --bucket shop --r all --json\n\n"
                           "Exit status: 0 found; 1 not found, or refused; 2 no node can be reached.\n",
                           &make_command<Get>};

}  // namespace dkv::cli
