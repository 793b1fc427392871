#pragma once

#include "engine/core/object.h"
#include "engine/node/config.h"
#include "engine/protocol/client.h"

namespace dkv {

// What a request is refused for before anything is done. Reason::kNone: nothing.

// The numbers of a request against the configuration and the protocol's limits.
Reason check_request(const ClientRequest& request, const NodeConfig& config, TimeNs wall_now_ns);

// A put or delete against what its key holds at the replica that would mint its dot as `self`. current may be null.
// minted_unseen: see Replica.
Reason check_write(const ClientRequest& request, const ObjectPtr& current, const Actor& self,
                   std::uint64_t minted_unseen, const NodeConfig& config);

// What one replica lets an object grow to by its clients' writes: N replicas that let it grow apart must be able to
// merge it, and one frame and one version vector must hold the result.
std::size_t object_bytes_max(std::uint32_t replicas) noexcept;
std::size_t clock_entries_max(std::uint32_t replicas) noexcept;

}  // namespace dkv
