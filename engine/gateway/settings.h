#pragma once

#include <string>
#include <vector>

#include "engine/core/object.h"
#include "engine/gateway/context_seal.h"
#include "engine/node/bucket_properties.h"
#include "engine/settings/settings.h"

namespace dkv::http {

// The object layer's knowledge of its cluster. It is fixed while a gateway exists.
struct GatewaySettings {
  QuorumSettings quorum;  // the defaults for requests
  ConflictPolicy policy = ConflictPolicy::kSiblings;
  BucketMap buckets;
  std::vector<std::string> node_names;  // by id
  ContextSeal contexts;
};

}  // namespace dkv::http
