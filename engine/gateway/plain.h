#pragma once

#include <string_view>

#include "engine/gateway/dialect.h"

namespace dkv::http {

// GET, HEAD, PUT, DELETE /api/v1/kv/{key} (bucket "default"; ?bucket= names another one): JSON for people and scripts
// without contexts. A PUT or DELETE without a context replaces the versions that the key holds at its arrival; the
// exchange reads them first. Writes at the same moment still become siblings, and a GET shows all of them (300).
const Dialect& plain_dialect() noexcept;

// {"error":…,"status":…,"timestamp":…}
Response json_error(int status, std::string_view what, TimeNs wall_ns);

}  // namespace dkv::http
