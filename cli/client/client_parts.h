// What the commands that talk to a node have in common.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/client/contact.h"
#include "cli/terminal/json.h"

namespace dkv::cli {

int get_command(const ClientArguments& arguments, Contact& contact);
int put_command(const ClientArguments& arguments, Contact& contact);
int delete_command(const ClientArguments& arguments, Contact& contact);
int status_command(const ClientArguments& arguments, Contact& contact);
int ring_command(const ClientArguments& arguments, Contact& contact);
int preflist_command(const ClientArguments& arguments, Contact& contact);
int explain_command(const ClientArguments& arguments, Contact& contact);

const char* verb_name(ClientVerb verb);
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
