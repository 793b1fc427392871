#pragma once

#include "engine/core/object.h"
#include "engine/node/config.h"
#include "engine/protocol/client.h"

namespace dkv {

// The checks of a request before the node does anything. They return the reason for a refusal, or Reason::kNone.

// Checks the numbers of a request against the configuration and the protocol's limits.
Reason check_request(const ClientRequest& request, const NodeConfig& config);

// Checks a put or delete against the key's present state at the replica that would mint its dot as `self`.
// current: that state, or null. last_minted: see Replica.
Reason check_write(const ClientRequest& request, const ObjectPtr& current, const Actor& self, std::uint64_t last_minted,
                   const NodeConfig& config);

// The limits up to which one replica lets its clients' writes grow an object. N replicas may grow it independently,
// and one frame and one version vector must still hold their merge.
// For three replicas, clocks of clients' writes end at 682 entries and isolated dots. A write whose context adds at
// most 16 has room up to 1023; a delete or put with exactly the key's context, up to 1365.
std::size_t object_bytes_max(std::uint32_t replicas) noexcept;
std::size_t clock_entries_max(std::uint32_t replicas) noexcept;

}  // namespace dkv
