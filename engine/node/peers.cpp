#include "engine/node/peers.h"

#include <algorithm>
#include <limits>

#include "engine/core/assert.h"

namespace dkv {

Peers::Peers(const NodeConfig& config) : self_(config.id) {
  for (const Member& member : config.placement->members()) {
    if (peers_.size() <= member.id) peers_.resize(member.id + 1);
    peers_[member.id].member = member.id != self_;
  }
  DKV_ASSERT(self_ < peers_.size() && !is_member(self_));  // no node is its own peer
}

void Peers::start(TimeNs now_ns) {
  DKV_ASSERT(reachable_count() == 0);  // no peer was heard before this life began
  for (Peer& peer : peers_) peer = Peer{.last_heard_ns = now_ns, .member = peer.member, .reachable = peer.member};
}

void Peers::heard(NodeId from, const TurnEnv& turn) {
  if (from >= peers_.size() || !peers_[from].member) return;
  peers_[from].last_heard_ns = turn.now_ns;
}

bool Peers::heartbeat(NodeId from, const Heartbeat& beat, const TurnEnv& turn) {
  if (from >= peers_.size() || !peers_[from].member) return false;
  Peer& peer = peers_[from];
  DKV_ASSERT(peer.last_heard_ns == turn.now_ns);  // heard() came first, and judge() uses it
  if (beat.incarnation < peer.incarnation) {
    // Late, or from a process that should be gone. It says nothing about the present life, which must be heard again.
    peer.hears_us = false;
    judge(from, turn);
    return false;
  }
  const bool new_life = beat.incarnation > peer.incarnation;
  peer.incarnation = beat.incarnation;
  peer.hears_us = beat.hears_you;
  peer.lost = false;
  peer.overdue = false;
  peer.settled = new_life ? beat.settled : std::max(peer.settled, beat.settled);
  peer.damages = new_life ? beat.damages : std::max(peer.damages, beat.damages);
  peer.answered = beat.to_incarnation == turn.incarnation || (peer.answered && !new_life);
  judge(from, turn);
  return new_life;
}

void Peers::judge(NodeId node, const TurnEnv& turn) {
  Peer& peer = peers_[node];
  DKV_ASSERT(peer.member && node != self_);
  DKV_ASSERT(peer.last_heard_ns <= turn.now_ns);
  const bool heard_lately = turn.now_ns - peer.last_heard_ns <= turn.config.unreachable_after_ns;
  const bool reachable = heard_lately && peer.hears_us && !peer.lost;
  if (reachable == peer.reachable) return;
  peer.reachable = reachable;
  turn.observe(reachable ? Observed::kPeerReachable : Observed::kPeerUnreachable, node);
}

void Peers::lost(NodeId node, const TurnEnv& turn) {
  DKV_ASSERT(is_member(node));
  peers_[node].lost = true;
  judge(node, turn);
}

void Peers::tick(const Eras& eras, const TurnEnv& turn) {
  for (NodeId node = 0; node < peers_.size(); ++node) {
    if (!peers_[node].member) continue;
    judge(node, turn);
    send_heartbeat(node, eras, turn);
  }
}

void Peers::send_heartbeat(NodeId to, const Eras& eras, const TurnEnv& turn) const {
  DKV_ASSERT(is_member(to) && to != turn.config.id);
  DKV_ASSERT(eras.settled() <= eras.current());  // the others rely on it to begin an era
  const bool hears_you = turn.now_ns - peers_[to].last_heard_ns <= turn.config.unreachable_after_ns;
  turn.out.send(to, Heartbeat{turn.incarnation, hears_you, eras.current(), eras.settled(), peers_[to].incarnation,
                              turn.own_wall_now_ns, eras.damages()});
}

bool Peers::all_have_answered() const noexcept {
  return std::ranges::all_of(peers_, [](const Peer& peer) { return !peer.member || peer.answered; });
}

Era Peers::least_settled() const noexcept {
  Era least = std::numeric_limits<Era>::max();
  for (const Peer& peer : peers_) {
    if (peer.member) least = std::min(least, peer.settled);
  }
  return least;
}

std::uint32_t Peers::reachable_count() const noexcept {
  std::uint32_t count = 0;
  for (NodeId node = 0; node < peers_.size(); ++node) count += peers_[node].member && reachable(node) ? 1 : 0;
  return count;
}

}  // namespace dkv
