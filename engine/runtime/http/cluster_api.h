#pragma once

#include "engine/gateway/message.h"
#include "engine/runtime/http/callbacks.h"
#include "engine/runtime/metrics.h"

namespace dkv::http {

// The routes that show the node and its view of the cluster. They change nothing.
//
//   /live  /ready  /metrics  /stats  /api/v1/admin/stats
//   /api/v1/cluster/health  /api/v1/cluster/stats  /api/v1/cluster/ring
//   /api/v1/cluster/preflist/{key}    the nodes that hold the key (?bucket=)
//   /api/v1/admin/keys/{key}          this node's state of the key: dots, clocks, sizes; no values (?bucket=)
//
// False when the path is none of these. Then respond is unused.
bool handle_cluster_request(const Request& request, const ServerView& server_view, const Respond& respond);

}  // namespace dkv::http
