#include "cli/client/object_parts.h"

namespace dkv::cli {
namespace {

class Delete final : public ClientCommand {
 public:
  Delete() : ClientCommand("delete", true) {}

 private:
  void declare(Options& options) override {
    declare_key(options);
    declare_bucket(options);
    declare_context(options);
    declare_read_quorum(options);
    declare_write_quorum(options);
    declare_contact(options);
  }

  int ask(Contact& contact) override {
    HttpRequest removal = object_request("DELETE", object_target(arguments_, true, true));
    if (!arguments_.context.empty()) removal.headers.emplace_back(kContextHeader, arguments_.context);
    const auto answer = contact.ask(removal);
    if (!answer) return unanswered(arguments_, answer.error());
    if (answer->status == kAbsent) return not_found(arguments_, *answer);
    return answer->fine() ? print_written(arguments_, *answer, "deleted") : refused(arguments_, *answer);
  }
};

}  // namespace

extern const CommandEntry kDelete;
const CommandEntry kDelete = {"delete", "Delete a key", "Example:\n  distri-kv delete hello\n", &make_command<Delete>};

}  // namespace dkv::cli
