// What get, put and delete have in common. They use Riak's routes, which carry any bytes as they are.
#pragma once

#include <string>
#include <string_view>

#include "cli/client/client_parts.h"

namespace dkv::cli {

inline constexpr int kFound = 200, kSiblings = 300, kAbsent = 404;
inline constexpr const char* kContextHeader = "X-Riak-Vclock";

// The header's value; empty without one.
std::string text_of(const HttpAnswer& answer, std::string_view name);
// Where the key is, with those of the options that apply.
std::string object_target(const ClientArguments& arguments, bool reads, bool writes);
HttpRequest object_request(const char* method, std::string target);
// What an answer says of the key itself, as --json prints it.
Json head_json(const ClientArguments& arguments, const HttpAnswer& answer);

// Both print, and answer with the exit status.
int not_found(const ClientArguments& arguments, const HttpAnswer& answer);
int print_written(const ClientArguments& arguments, const HttpAnswer& answer, const char* status);

}  // namespace dkv::cli
