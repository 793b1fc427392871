#pragma once

#include <string>

#include "engine/gateway/dialect.h"

namespace dkv::http {

// How Riak's clients expect to be told what a key holds: bodies are values, and headers say the rest.
const Dialect& riak_dialect() noexcept;

Response text_response(int status, std::string text);

}  // namespace dkv::http
