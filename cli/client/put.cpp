#include <iostream>
#include <iterator>

#include "cli/client/object_parts.h"
#include "engine/gateway/message.h"
#include "engine/gateway/utf8.h"

namespace dkv::cli {
namespace {

std::string content_type(const ClientArguments& arguments, const std::string& value) {
  if (!arguments.content_type.empty()) return arguments.content_type;
  return http::is_utf8(value) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

class Put final : public ClientCommand {
 public:
  Put() : ClientCommand("put", true) {}

 private:
  void declare(Options& options) override {
    declare_key(options);
    options.argument("VALUE", arguments_.value, "The value; - reads standard input");
    options.text("--type", arguments_.content_type, "TYPE", "Its content type (text/plain)");
    options.flag("--blind", arguments_.blind, "Write without reading: the present versions stay, as siblings");
    declare_bucket(options);
    declare_context(options);
    declare_read_quorum(options);
    declare_write_quorum(options);
    declare_contact(options);
  }

  std::string check(const Options& options) override {
    if (arguments_.blind && !arguments_.context.empty()) return "--blind and --context exclude each other";
    return ClientCommand::check(options);
  }

  int ask(Contact& contact) override {
    std::string value = arguments_.value;
    if (value == "-") value.assign(std::istreambuf_iterator<char>(std::cin), {});
    std::string context = arguments_.context;
    if (context.empty() && !arguments_.blind) {
      const auto seen = contact.ask(object_request("GET", object_target(arguments_, true, false)));
      if (!seen) return unanswered(arguments_, seen.error());
      if (seen->status != kFound && seen->status != kSiblings && seen->status != kAbsent)
        return refused(arguments_, *seen);
      context = text_of(*seen, kContextHeader);
    }
    HttpRequest put = object_request("PUT", object_target(arguments_, false, true));
    put.headers.emplace_back("Content-Type", content_type(arguments_, value));
    if (!context.empty()) put.headers.emplace_back(kContextHeader, context);
    put.body = std::move(value);
    const auto answer = contact.ask(put);
    if (!answer) return unanswered(arguments_, answer.error());
    return answer->fine() ? print_written(arguments_, *answer, "stored") : refused(arguments_, *answer);
  }
};

}  // namespace

extern const CommandEntry kPut;
const CommandEntry kPut = {"put", "Store a value under a key",
                           "Examples:\n"
                           "  distri-kv put hello world\n"
                           "  distri-kv put picture - --type image/png <picture.png\n"
                           "  distri-kv put cart 'bread, milk' --context CONTEXT\n\n"
                           "Without --context, put replaces what the key holds now. With the context that get\n"
                           "printed, it replaces what that get showed; a later write stays as a sibling.\n",
                           &make_command<Put>};

}  // namespace dkv::cli
