// Shared code of the commands that talk to a node.
#pragma once

#include <string>

#include "cli/client/contact.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/json.h"

namespace dkv::cli {

// The options of these commands; each command uses some of them.
struct ClientArguments {
  const char* command = "";  // its name, for complaints
  bool writes = false;       // a lost answer leaves the outcome unknown
  std::string key;
  std::string bucket = "default";
  std::string value;         // "-": standard input
  std::string content_type;  // empty: text, or bytes when the value is not UTF-8
  std::string context;       // from a read, as it was printed; empty: the present versions are replaced
  bool blind = false;        // put: with an empty context
  std::string at;            // "host:port"; empty: $DISTRI_KV_AT, the local cluster, or 127.0.0.1:8098
  std::string r, w, pr, pw;  // in the form of the API; empty: the cluster's own
  TimeNs timeout_ns = 0;     // 0: the cluster's own
  bool json = false;
};

// A command that asks a node. The base class finds the node and reports wrong answers.
class ClientCommand : public Command {
 public:
  std::string check(const Options& options) override;
  int run() final;

 protected:
  ClientCommand(const char* name, bool writes) {
    arguments_.command = name;
    arguments_.writes = writes;
  }
  // --at, --timeout, --json.
  void declare_contact(Options& options);
  // KEY; --bucket is separate, because the help lists options in the order of their declaration.
  void declare_key(Options& options);
  void declare_bucket(Options& options);
  void declare_read_quorum(Options& options);
  void declare_write_quorum(Options& options);
  void declare_context(Options& options);

  // Asks and prints. Returns the exit status. May throw Json::exception when the answer has an unknown form.
  virtual int ask(Contact& contact) = 0;

  ClientArguments arguments_;

 private:
  bool takes_key_ = false;
};

// A command about the nodes that hold a key.
class PreferenceListCommand : public ClientCommand {
 protected:
  explicit PreferenceListCommand(const char* name) : ClientCommand(name, false) {}
  // Prints the answer of /api/v1/cluster/preflist. Returns the exit status.
  virtual int show(const Json& list) = 0;

 private:
  void declare(Options& options) final;
  int ask(Contact& contact) final;
};

// The longest time to wait for an answer.
TimeNs patience_ns(const ClientArguments& arguments);
// The key in quotes, with its bucket unless that is the default one.
std::string key_shown(const ClientArguments& arguments);
// "?bucket=NAME" for the routes of /api/v1.
std::string bucket_query(const ClientArguments& arguments);

// Errors: one line on standard error and, for scripts, {"error":…} on standard output. They return the exit status.
int unanswered(const ClientArguments& arguments, const HttpFailure& failure);
int refused(const ClientArguments& arguments, const HttpAnswer& answer);
int complain(const ClientArguments& arguments, const std::string& what, int exit_status);

// Prints one object on a line of its own.
void print_json(const Json& json);
// The body of a 2xx answer that is a JSON object; otherwise the reason why there is none.
tl::expected<Json, HttpFailure> ask_json(HttpClient& client, const std::string& target);
tl::expected<Json, HttpFailure> ask_json(Contact& contact, const std::string& target);

}  // namespace dkv::cli
