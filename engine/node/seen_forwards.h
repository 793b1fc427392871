#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/types.h"
#include "engine/node/config.h"
#include "engine/protocol/messages.h"

namespace dkv {

// Remembers the forwarded requests that this node has taken, so that it does not carry out a duplicate. It keeps the
// last kWindow serials of each peer. An older request is dropped, too, and its forwarder times out.
class SeenForwards {
 public:
  static constexpr std::uint32_t kWindow = 1024;

  explicit SeenForwards(const NodeConfig& config);

  // True for the first copy of a request that is meant for this life of the node. False: drop it.
  bool take(const Forward& forward, NodeId from, Incarnation self);

 private:
  struct Peer {
    bool member = false;
    Incarnation incarnation = 0;
    std::uint64_t newest = 0;  // the highest serial taken in that incarnation
    std::vector<bool> taken;   // by serial modulo kWindow: those in (newest - kWindow, newest]; empty: none yet
  };
  std::vector<Peer> peers_;  // by node id
};

}  // namespace dkv
