#pragma once

#include <span>

#include "engine/core/types.h"
#include "engine/node/config.h"
#include "engine/ports/outbox.h"

namespace dkv {

// The environment of one turn, that is, of one call of Node::handle: the settings, the time, and the outbox.
struct TurnEnv {
  const NodeConfig& config;
  Incarnation incarnation;  // the node's own life
  TimeNs now_ns;
  TimeNs wall_now_ns;      // by which the node judges: see clocks.h
  TimeNs own_wall_now_ns;  // what its own clock shows; for heartbeats only
  Outbox& out;

  void observe(Observed what, NodeId peer = kNoNode, const Key& key = {}, std::uint64_t number = 0) const {
    out.observe({what, peer, number, key});
  }
  // The primaries of the key, in the order of its preference list.
  std::span<const NodeId> primaries(const Key& key) const {
    return config.placement->primaries(config.placement->partition(key.hash()));
  }
  // Whether this node is a primary of the key.
  bool is_primary(const Key& key) const {
    return config.placement->is_primary(config.placement->partition(key.hash()), config.id);
  }
};

}  // namespace dkv
