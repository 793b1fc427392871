#include "engine/node/seen_forwards.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/node/operations.h"

namespace dkv {

SeenForwards::SeenForwards(const NodeConfig& config) {
  for (const Member& member : config.placement->members()) {
    if (peers_.size() <= member.id) peers_.resize(member.id + 1);
    peers_[member.id].member = member.id != config.id;
  }
}

bool SeenForwards::take(const Forward& forward, NodeId from, Incarnation self) {
  DKV_ASSERT(self != 0);  // a forwarder names 0 when it has heard of no life here
  if (from >= peers_.size() || !peers_[from].member) return false;
  // An earlier life was meant, and may have carried the request out.
  if (forward.to_incarnation != self) return false;
  Peer& peer = peers_[from];
  if (forward.from_incarnation < peer.incarnation) return false;
  const std::uint64_t serial = Operations::serial_of(forward.op);
  if (peer.taken.empty() || forward.from_incarnation > peer.incarnation) {
    // No request of an earlier life is taken any more, so its serials may be forgotten.
    peer.incarnation = forward.from_incarnation;
    peer.newest = serial;
    peer.taken.assign(kWindow, false);
    peer.taken[serial % kWindow] = true;
    return true;
  }
  DKV_ASSERT(forward.from_incarnation == peer.incarnation);  // serials of two lives can't be compared
  DKV_ASSERT(peer.taken.size() == kWindow && peer.taken[peer.newest % kWindow]);
  if (serial > peer.newest) {
    const std::uint64_t passed = std::min<std::uint64_t>(serial - peer.newest, kWindow);
    for (std::uint64_t i = 0; i < passed; ++i) peer.taken[(serial - i) % kWindow] = false;
    peer.newest = serial;
  } else if (peer.newest - serial >= kWindow) {
    return false;
  }
  if (peer.taken[serial % kWindow]) return false;
  peer.taken[serial % kWindow] = true;
  return true;
}

}  // namespace dkv
