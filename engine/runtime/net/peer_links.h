#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/metric.h"
#include "engine/runtime/limited_log.h"
#include "engine/runtime/net/hello_verdict.h"
#include "engine/runtime/net/link_in.h"
#include "engine/runtime/net/link_out.h"
#include "engine/runtime/node_host.h"

namespace dkv {

// This node's connections with its peers: one to each peer, and one from each.
class PeerLinks final : public MessageOut {
 public:
  struct Peer {
    NodeId id = kNoNode;
    std::string name;
    Address address;
  };
  struct Options {
    std::string cluster;  // its name; nodes of another cluster are refused
    NodeId self = kNoNode;
    Incarnation incarnation = 0;
    Incarnation previous = 0;  // these three: see Hello
    std::uint64_t start = 0;
    ActorId folder;
    Agreement agreement;              // nodes with another one are refused
    TimeNs unreachable_after_ns = 0;  // a life that was silent for longer may be replaced
    std::vector<Peer> peers;          // all other nodes
    // A peer's answer to this node's hello: kWelcome, or kTwin or kLate with the life that it has heard.
    std::function<void(NodeId peer, Hello::Kind, Incarnation)> told;
    std::function<void(NodeId)> lost;  // a peer has refused or reset this node's connection to it; may be empty
  };
  // The limit of connections without a welcome. A further one replaces the oldest: a peer sends its hello at once, so
  // the oldest is probably no peer. Welcomed connections do not count, and are not replaced by strangers.
  static constexpr std::size_t kStrangersMax = 64;

  PeerLinks(EventLoop& loop, Logger& log, boost::asio::ip::tcp::acceptor acceptor, Options options,
            std::function<void(NodeId, Message&&)> received);
  ~PeerLinks();
  PeerLinks(const PeerLinks&) = delete;
  PeerLinks& operator=(const PeerLinks&) = delete;

  void start();
  void stop();
  void send(NodeId to, const Message& message) override;

  struct PeerStats {
    std::string name;
    bool connected = false;
    LinkStats link;
    std::uint64_t received = 0;      // messages
    std::vector<Difference> differ;  // from this node's settings, by the peer's latest hello
  };
  std::vector<PeerStats> stats() const;  // by node

 private:
  void accept();
  LinkIn::Host::Judgement judge(const std::shared_ptr<LinkIn>& link, const Hello& hello);
  void received(NodeId from, Message&& message);
  const std::string& peer_name(NodeId peer) const { return out_.at(peer)->peer_name(); }

  struct Inbound {
    std::shared_ptr<LinkIn> link;     // null: none
    std::optional<InboundLife> life;  // nothing: none was welcomed
    std::uint64_t received = 0;       // messages, over all connections
    std::vector<Difference> differ;
  };

  EventLoop& loop_;
  Logger& log_;
  LimitedLog limited_log_;
  const Options options_;
  const std::uint64_t membership_;  // digest of the agreement
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_again_;
  LinkIn::Host host_;
  std::map<NodeId, std::shared_ptr<LinkOut>> out_;
  std::function<void(NodeId, Message&&)> give_;
  std::map<NodeId, Inbound> in_;                    // one for each peer
  std::vector<std::shared_ptr<LinkIn>> strangers_;  // the oldest first
  bool stopped_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a handler may run after this is gone
};

// The metrics of each peer's link.
inline constexpr Metric<PeerLinks::PeerStats> kPeerMetrics[] = {
    {"peer_connected", MetricType::kFlag, MetricUnit::kNumber, "1 while a connection to the peer is open",
     [](const PeerLinks::PeerStats& peer) { return std::uint64_t{peer.connected}; }},
    {"peer_connects", MetricType::kCounter, MetricUnit::kNumber, "connections to the peer that were opened",
     [](const PeerLinks::PeerStats& peer) { return peer.link.connects; }},
    {"peer_messages_sent", MetricType::kCounter, MetricUnit::kNumber, "messages handed over for the peer",
     [](const PeerLinks::PeerStats& peer) { return peer.link.messages; }},
    {"peer_messages_dropped", MetricType::kCounter, MetricUnit::kNumber,
     "messages for the peer that were dropped: no connection, or too much was waiting",
     [](const PeerLinks::PeerStats& peer) { return peer.link.dropped; }},
    {"peer_messages_received", MetricType::kCounter, MetricUnit::kNumber, "messages from the peer",
     [](const PeerLinks::PeerStats& peer) { return peer.received; }},
    {"peer_settings_differ", MetricType::kFlag, MetricUnit::kNumber,
     "1 when the peer's settings differ from this node's, so that the two do not talk",
     [](const PeerLinks::PeerStats& peer) { return std::uint64_t{!peer.differ.empty()}; }},
    {"peer_bytes_sent", MetricType::kCounter, MetricUnit::kBytes, "bytes written to the peer",
     [](const PeerLinks::PeerStats& peer) { return peer.link.bytes; }},
};

}  // namespace dkv
