#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/runtime/config.h"
#include "engine/runtime/http/objects.h"

// All JSON that clients see of objects; the library stays in json.cpp.
namespace dkv::http {

// [{"vtag":…,"content_type":…,"value":…}, …]
std::string siblings_json(const std::vector<Version>& versions);
std::string resources_json();
std::string properties_json(const std::string& bucket, const ServerConfig& config);

// {"key":…,"value":…} and what else there is to say of a version or of several.
std::string value_json(std::string_view key, const Version& version, const std::string& context);
std::string values_json(std::string_view key, const std::vector<Version>& versions, const std::string& context);
std::string stored_json(std::string_view key, const Version& version, const std::string& context);
std::string deleted_json(std::string_view key);
// {"error":…,"status":…,"timestamp":…}
std::string error_json(std::string_view what, int status, TimeNs wall_ns);

// What a PUT of the plain API says in its body.
struct PlainPut {
  std::string content_type;
  std::string value;
  std::optional<std::string> context;  // base64
  std::optional<std::string> ttl;
};
// {"value": anything, "context": …, "ttl": …}. Fails on other fields, and on what is no object.
Result<PlainPut> read_plain_put(std::string_view body);
// Whether the body is such an object, for clients that do not say that they send JSON.
bool looks_like_plain_put(std::string_view body);

}  // namespace dkv::http
