// What the commands that talk to a node have in common.
#pragma once

#include <string>

#include "cli/client/contact.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/json.h"

namespace dkv::cli {

// The words of these commands; each command takes some of them.
struct ClientArguments {
  const char* command = "";  // its name, for complaints
  bool writes = false;       // an answer that is lost leaves the outcome unknown
  std::string key;
  std::string bucket = "default";
  std::string value;         // "-": standard input
  std::string content_type;  // empty: text, or bytes when it is no UTF-8
  std::string context;       // of a read, as it was printed; empty: what is there now is replaced
  bool blind = false;        // put: as if nothing had been read
  std::string at;            // "host:port"; empty: $DISTRI_KV_AT, the local cluster, or 127.0.0.1:8098
  std::string r, w, pr, pw;  // as the API takes them; empty: the cluster's own
  TimeNs timeout_ns = 0;     // 0: the cluster's own
  bool json = false;
};

// A command that asks a node: it finds one, and says what is wrong with the answer.
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

  // Asks and prints. Answers with the exit status. May throw Json::exception: the answer has an unknown form.
  virtual int ask(Contact& contact) = 0;

  ClientArguments arguments_;

 private:
  bool takes_key_ = false;
};

// How long an answer may take.
TimeNs patience_ns(const ClientArguments& arguments);
// The key as people write it: in quotes, with its bucket when that is not the default one.
std::string key_shown(const ClientArguments& arguments);
// "?bucket=NAME" for the routes of /api/v1.
std::string bucket_query(const ClientArguments& arguments);

// Complaints: one line on standard error and, for scripts, {"error":…} on standard output. They answer with the exit
// status.
int unanswered(const ClientArguments& arguments, const HttpFailure& failure);
int refused(const ClientArguments& arguments, const HttpAnswer& answer);
int complain(const ClientArguments& arguments, const std::string& what, int exit_status);

// One object on a line of its own.
void print_json(const Json& json);
// A 2xx answer whose body is a JSON object; otherwise what there is to say about it.
tl::expected<Json, HttpFailure> ask_json(HttpClient& client, const std::string& target);
tl::expected<Json, HttpFailure> ask_json(Contact& contact, const std::string& target);

}  // namespace dkv::cli
