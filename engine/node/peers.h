#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/types.h"
#include "engine/node/eras.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

// Failure detection. A peer is reachable while both directions of the link work: this node has heard it within the
// time-out, and the peer says that it hears this node. A peer without a heartbeat in this node's own life is not
// reachable, because a state must name the life of its receiver.
class Peers {
 public:
  Peers(const NodeConfig& config);

  void start(TimeNs now_ns);
  // Any message is a sign of life.
  void heard(NodeId from, const TurnEnv& turn);
  // True when the heartbeat comes from a new life of the peer.
  bool heartbeat(NodeId from, const Heartbeat& beat, const TurnEnv& turn);
  // The connection to the peer was refused or reset. It is not reachable until its next heartbeat.
  void lost(NodeId node, const TurnEnv& turn);
  // The peer has not answered a forward in time. Until its next heartbeat, another primary is asked first.
  void overdue(NodeId node) { peers_[node].overdue = true; }
  bool is_overdue(NodeId node) const noexcept { return node < peers_.size() && peers_[node].overdue; }
  // Sends a heartbeat to every peer, and notices peers that have been silent for too long.
  void tick(const Eras& eras, const TurnEnv& turn);
  void send_heartbeat(NodeId to, const Eras& eras, const TurnEnv& turn) const;

  bool is_member(NodeId node) const noexcept { return node < peers_.size() && peers_[node].member; }
  // The latest life that the peer's heartbeats have named; 0: none was heard in this node's own life.
  Incarnation incarnation(NodeId node) const noexcept { return node < peers_.size() ? peers_[node].incarnation : 0; }
  // How often the peer has lost versions in that life, as far as it is known here; see Heartbeat.
  std::uint64_t damages(NodeId node) const noexcept { return node < peers_.size() ? peers_[node].damages : 0; }
  // Always true for the node itself.
  bool reachable(NodeId node) const noexcept {
    return node == self_ || (node < peers_.size() && peers_[node].reachable && peers_[node].incarnation != 0);
  }
  // Whether a heartbeat from the present life of each peer has named this node's present life.
  bool all_have_answered() const noexcept;
  // The least era into which a peer has settled in its present life; the greatest number without peers.
  Era least_settled() const noexcept;
  std::uint32_t reachable_count() const noexcept;

 private:
  struct Peer {
    TimeNs last_heard_ns = 0;
    bool member = false;
    bool hears_us = true;
    bool reachable = true;
    bool lost = false;     // since its last heartbeat, the connection to it was refused or reset
    bool overdue = false;  // since its last heartbeat, a forward to it was not answered in time
    Incarnation incarnation = 0;
    Era settled = 0;
    std::uint64_t damages = 0;
    bool answered = false;  // a heartbeat of its present life has named ours
  };
  void judge(NodeId node, const TurnEnv& turn);

  NodeId self_;
  std::vector<Peer> peers_;  // by node id
};

}  // namespace dkv
