#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/gateway/body_source.h"
#include "engine/gateway/objects.h"

// All JSON that shows objects to clients. Only the .cpp includes the JSON library.
namespace dkv::http {

// {"siblings":[{"vtag":…,"content_type":…,"value":…}, …]}
void siblings_json(const std::vector<Version>& versions, BodySource& to);
std::string resources_json();
std::string properties_json(const std::string& bucket, const GatewaySettings& settings);

// {"key":…,"value":…} and the further members of one version or of several.
void value_json(std::string_view key, const Version& version, std::string_view context, BodySource& to);
void values_json(std::string_view key, const std::vector<Version>& versions, std::string_view context, BodySource& to);
// of: the value that contains the version's body.
void stored_json(std::string_view key, const Version& version, const Blob& of, std::string_view context,
                 BodySource& to);
std::string deleted_json(std::string_view key);
// {"error":…,"status":…,"timestamp":…}
std::string error_json(std::string_view what, int status, TimeNs wall_ns);

}  // namespace dkv::http
