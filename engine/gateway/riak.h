#pragma once

#include <string>

#include "engine/gateway/dialect.h"

namespace dkv::http {

// Answers in the form that Riak's clients expect: bodies are values, and headers have the metadata.
const Dialect& riak_dialect() noexcept;

Response text_response(int status, std::string text);

}  // namespace dkv::http
