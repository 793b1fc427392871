#pragma once

#include <string>
#include <vector>

#include "engine/core/object.h"
#include "engine/node/bucket_properties.h"
#include "engine/settings/settings.h"

namespace dkv::http {

// What the object layer knows of its cluster. Fixed while a gateway lives.
struct GatewaySettings {
  QuorumSettings quorum;  // what a request asks for unless its query says otherwise
  ConflictPolicy policy = ConflictPolicy::kSiblings;
  BucketMap buckets;
  std::vector<std::string> node_names;  // by id
};

}  // namespace dkv::http
