#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/types.h"
#include "engine/node/eras.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

// Who can be reached, as this node sees it: a peer counts as reachable while both directions of the link work, that is
// while it has been heard within the time-out and says that it hears this node. Nothing is sent to a peer that has not
// been heard yet in this node's own life, because a state must name the life that it is meant for.
class Peers {
 public:
  Peers(const NodeConfig& config);

  void start(TimeNs now_ns);
  // Any message is a sign of life.
  void heard(NodeId from, const TurnEnv& turn);
  // True when it tells of a life of the peer that was not known.
  bool heartbeat(NodeId from, const Heartbeat& beat, const TurnEnv& turn);
  // Sends a heartbeat to every peer, and notices who has been silent for too long.
  void tick(const Eras& eras, const TurnEnv& turn);
  void send_heartbeat(NodeId to, const Eras& eras, const TurnEnv& turn) const;

  bool is_member(NodeId node) const noexcept { return node < peers_.size() && peers_[node].member; }
  // The life of the peer that its heartbeats told of last; 0: none was heard in this node's own life.
  Incarnation incarnation(NodeId node) const noexcept { return node < peers_.size() ? peers_[node].incarnation : 0; }
  // Always true for the node itself.
  bool reachable(NodeId node) const noexcept {
    return node == self_ || (node < peers_.size() && peers_[node].reachable && peers_[node].incarnation != 0);
  }
  // Whether each peer has told of its era since it has heard of this life.
  bool all_have_answered() const noexcept;
  // The least era that any peer has settled into in its life; the highest number there is when there are no peers.
  Era least_settled() const noexcept;
  std::uint32_t reachable_count() const noexcept;

 private:
  struct Peer {
    TimeNs last_heard_ns = 0;
    bool member = false;
    bool hears_us = true;
    bool reachable = true;
    Incarnation incarnation = 0;
    Era settled = 0;
    bool answered = false;  // a heartbeat of its present life named ours
  };
  void judge(NodeId node, const TurnEnv& turn);

  NodeId self_;
  std::vector<Peer> peers_;  // by node id
};

}  // namespace dkv
