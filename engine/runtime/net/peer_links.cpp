#include "engine/runtime/net/peer_links.h"

#include <chrono>

#include "engine/core/assert.h"
#include "engine/protocol/codec.h"

namespace dkv {

using boost::asio::ip::tcp;
using boost::system::error_code;

PeerLinks::PeerLinks(EventLoop& loop, Logger& log, tcp::acceptor acceptor, Options options,
                     std::function<void(NodeId, Message&&)> received)
    : loop_(loop),
      log_(log),
      options_(std::move(options)),
      acceptor_(std::move(acceptor)),
      accept_again_(loop.context()) {
  host_.judge = [this](const Hello& hello) { return judge(hello); };
  host_.opened = [this](const std::shared_ptr<LinkIn>& link, NodeId from) { opened(link, from); };
  host_.received = [this, give = std::move(received)](NodeId from, Message&& message) {
    ++received_[from];
    give(from, std::move(message));
  };
  host_.closed = [this](const std::shared_ptr<LinkIn>& link) {
    strangers_.erase(link);
    const auto known = in_.find(link->from());
    if (known != in_.end() && known->second == link) in_.erase(known);
  };
  for (const Peer& peer : options_.peers) {
    const Hello hello{.kind = Hello::Kind::kHello,
                      .version = kProtocolVersion,
                      .from = options_.self,
                      .to = peer.id,
                      .incarnation = options_.incarnation,
                      .membership = options_.membership,
                      .text = options_.cluster};
    out_[peer.id] = std::make_shared<LinkOut>(loop_, log_, hello, peer.name, peer.address);
  }
}

PeerLinks::~PeerLinks() {
  stop();
}

void PeerLinks::start() {
  accept();
  for (const auto& [id, link] : out_) link->start();
}

void PeerLinks::stop() {
  if (std::exchange(stopped_, true)) return;
  error_code ignored;
  accept_again_.cancel();
  acceptor_.close(ignored);
  for (const auto& [id, link] : out_) link->stop();
  for (const auto& link : std::exchange(strangers_, {})) link->close();
  for (const auto& [id, link] : std::exchange(in_, {})) link->close();
}

void PeerLinks::send(NodeId to, const Message& message) {
  const auto link = out_.find(to);
  DKV_ASSERT(link != out_.end());
  link->second->send(message);
}

void PeerLinks::accept() {
  acceptor_.async_accept([this, alive = std::weak_ptr<bool>(alive_)](error_code error, tcp::socket socket) {
    if (alive.expired() || stopped_) return;
    if (error) {
      // Out of descriptors, most likely: not again at once.
      log_.warning("can't take a peer's connection: " + error.message());
      accept_again_.expires_after(std::chrono::milliseconds(100));
      accept_again_.async_wait([this](error_code cancelled) {
        if (!cancelled) accept();
      });
      return;
    }
    if (strangers_.size() >= kStrangersMax) {
      log_.warning("too many connections without a hello");
      socket.close(error);
    } else {
      const auto link = std::make_shared<LinkIn>(std::move(socket), host_, log_);
      strangers_.insert(link);
      link->start();
    }
    accept();
  });
}

Hello PeerLinks::judge(const Hello& hello) const {
  Hello answer{.kind = Hello::Kind::kRefused,
               .version = kProtocolVersion,
               .from = options_.self,
               .to = hello.from,
               .incarnation = options_.incarnation,
               .membership = options_.membership,
               .text = {}};
  if (hello.version != kProtocolVersion) {
    answer.text = "its protocol is version " + std::to_string(hello.version) + ", this node's is " +
                  std::to_string(kProtocolVersion);
  } else if (hello.text != options_.cluster) {
    answer.text = "it is of cluster '" + hello.text + "', this node of '" + options_.cluster + "'";
  } else if (hello.to != options_.self || !out_.contains(hello.from)) {
    answer.text = "it takes this node for number " + std::to_string(hello.to) + " and itself for number " +
                  std::to_string(hello.from) + ", this is number " + std::to_string(options_.self);
  } else if (hello.membership != options_.membership) {
    answer.text = "its members, partitions or n are other ones than this node's: compare the configurations";
  } else {
    answer.kind = Hello::Kind::kWelcome;
    answer.text = options_.cluster;
  }
  return answer;
}

// The newest connection counts: a peer that has started again knows of no other.
void PeerLinks::opened(const std::shared_ptr<LinkIn>& link, NodeId from) {
  strangers_.erase(link);
  const auto before = std::exchange(in_[from], link);
  if (before) before->close();
  out_.at(from)->hurry();
}

std::vector<PeerLinks::PeerStats> PeerLinks::stats() const {
  std::vector<PeerStats> all;
  for (const auto& [id, link] : out_) {
    const auto received = received_.find(id);
    all.push_back(
        {link->peer_name(), link->connected(), link->stats(), received == received_.end() ? 0 : received->second});
  }
  return all;
}

}  // namespace dkv
