#pragma once

#include "engine/gateway/message.h"
#include "engine/runtime/http/callbacks.h"
#include "engine/runtime/metrics.h"

namespace dkv::http {

// What there is to see of the node and, as far as it knows, of its cluster; nothing here changes anything.
//
//   /live  /ready  /metrics  /stats  /api/v1/admin/stats
//   /api/v1/cluster/health  /api/v1/cluster/stats  /api/v1/cluster/ring
//   /api/v1/cluster/preflist/{key}    who holds the key (?bucket=)
//   /api/v1/admin/keys/{key}          what this node holds of it: dots, clocks, sizes; no values (?bucket=)
//
// False when the path is none of these; then respond is untouched.
bool handle_cluster_request(const Request& request, const ServerView& server_view, const Respond& respond);

}  // namespace dkv::http
