#pragma once

#include <string_view>

#include "engine/gateway/dialect.h"

namespace dkv::http {

// GET, HEAD, PUT, DELETE /api/v1/kv/{key} (bucket "default"; ?bucket= names another one): JSON for people and scripts
// that want no contexts. A PUT or DELETE that brings no context replaces what the key holds when it arrives: the node
// reads that first. Writers that do this at the same moment still become siblings, and a GET shows all of them (300).
const Dialect& plain_dialect() noexcept;

// {"error":…,"status":…,"timestamp":…}
Response json_error(int status, std::string_view what, TimeNs wall_ns);

}  // namespace dkv::http
