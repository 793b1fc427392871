#include "engine/node/peers.h"

namespace dkv {

Peers::Peers(const NodeConfig& config) : self_(config.id) {
  for (const Member& member : config.placement->members()) {
    if (peers_.size() <= member.id) peers_.resize(member.id + 1);
    peers_[member.id].member = member.id != self_;
  }
}

void Peers::start(TimeNs now_ns) {
  for (Peer& peer : peers_) peer = Peer{now_ns, peer.member, true, peer.member};
}

void Peers::heard(NodeId from, const Turn& turn) {
  if (from >= peers_.size() || !peers_[from].member) return;
  peers_[from].last_heard_ns = turn.now_ns;
}

void Peers::heartbeat(NodeId from, const Heartbeat& beat, const Turn& turn) {
  if (from >= peers_.size() || !peers_[from].member) return;
  Peer& peer = peers_[from];
  if (beat.incarnation < peer.incarnation) return;  // late, from an earlier life
  peer.incarnation = beat.incarnation;
  peer.hears_us = beat.hears_you;
  judge(from, turn);
}

void Peers::judge(NodeId node, const Turn& turn) {
  Peer& peer = peers_[node];
  const bool heard_lately = turn.now_ns - peer.last_heard_ns <= turn.config.unreachable_after_ns;
  const bool reachable = heard_lately && peer.hears_us;
  if (reachable == peer.reachable) return;
  peer.reachable = reachable;
  turn.observe(reachable ? Observed::kPeerReachable : Observed::kPeerUnreachable, node);
}

void Peers::tick(Incarnation incarnation, const Turn& turn) {
  for (NodeId node = 0; node < peers_.size(); ++node) {
    if (!peers_[node].member) continue;
    judge(node, turn);
    const bool hears_you = turn.now_ns - peers_[node].last_heard_ns <= turn.config.unreachable_after_ns;
    turn.out.send(node, Heartbeat{incarnation, hears_you});
  }
}

std::uint32_t Peers::reachable_count() const noexcept {
  std::uint32_t count = 0;
  for (const Peer& peer : peers_) count += peer.member && peer.reachable ? 1 : 0;
  return count;
}

}  // namespace dkv
