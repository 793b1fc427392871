// Shared code of get, put and delete. They use Riak's routes, which carry any bytes unchanged.
#pragma once

#include <string>
#include <string_view>

#include "cli/client/client_parts.h"

namespace dkv::cli {

inline constexpr int kFound = 200, kSiblings = 300, kAbsent = 404;
inline constexpr const char* kContextHeader = "X-Riak-Vclock";

// The value of the header; empty when it is absent.
std::string text_of(const HttpAnswer& answer, std::string_view name);
// The path and query of the key, with the options that apply.
std::string object_target(const ClientArguments& arguments, bool reads, bool writes);
HttpRequest object_request(const char* method, std::string target);
// The information of an answer about the key itself, as --json prints it.
Json head_json(const ClientArguments& arguments, const HttpAnswer& answer);

// Both print, and return the exit status.
int not_found(const ClientArguments& arguments, const HttpAnswer& answer);
int print_written(const ClientArguments& arguments, const HttpAnswer& answer, const char* status);

}  // namespace dkv::cli
