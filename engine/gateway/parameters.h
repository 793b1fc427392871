#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/core/result.h"
#include "engine/gateway/message.h"
#include "engine/protocol/client.h"
#include "engine/settings/settings.h"

namespace dkv::http {

// What the query of a request for an object may say.
struct ObjectParameters {
  std::uint8_t r = 2, w = 2, pr = 0, pw = 0;
  QuorumMode mode = QuorumMode::kSloppy;
  std::uint32_t timeout_ms = 1000;
  TimeNs ttl_ns = 0;
  bool return_body = false;
  std::string vtag;  // of the one sibling that is wanted; empty: all
};

// All that mean something; docs/openapi.yaml lists each.
std::span<const std::string_view> parameter_names();

// Numbers, or one, quorum, all, default, within n. Parameters that Riak's clients send and that mean nothing here are
// passed over; any other unknown one fails, with what was probably meant.
Result<ObjectParameters> read_parameters(const Request& request, const QuorumSettings& defaults);

}  // namespace dkv::http
