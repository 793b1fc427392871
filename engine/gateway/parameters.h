#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/core/result.h"
#include "engine/gateway/message.h"
#include "engine/protocol/client.h"
#include "engine/settings/settings.h"

namespace dkv::http {

// The parameters in the query of a request for an object.
struct ObjectParameters {
  std::uint8_t r = 2, w = 2, pr = 0, pw = 0;
  QuorumMode mode = QuorumMode::kSloppy;
  std::uint32_t timeout_ms = 1000;
  TimeNs ttl_ns = 0;
  bool return_body = false;
  std::string vtag;  // selects one sibling; empty: all
};

// All parameters with a meaning here. docs/openapi.yaml lists each.
std::span<const std::string_view> parameter_names();

// A quorum is a number up to n, or one, quorum, all or default. Parameters of Riak's clients without a meaning here are
// ignored. Any other unknown parameter fails, with a suggestion of the right word.
Result<ObjectParameters> read_parameters(const Request& request, const QuorumSettings& defaults);

}  // namespace dkv::http
