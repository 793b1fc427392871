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
      limited_log_(loop, log),
      options_(std::move(options)),
      membership_(digest_of(options_.agreement)),
      acceptor_(std::move(acceptor)),
      accept_again_(loop.context()),
      give_(std::move(received)) {
  host_.judge = [this](const std::shared_ptr<LinkIn>& link, const Hello& hello) { return judge(link, hello); };
  host_.opened = [this](NodeId from) { out_.at(from)->hurry(); };
  host_.received = [this](NodeId from, Message&& message) { this->received(from, std::move(message)); };
  host_.closed = [this](const std::shared_ptr<LinkIn>& link) {
    std::erase(strangers_, link);
    const auto known = in_.find(link->from());
    if (known == in_.end() || known->second.link != link) return;
    known->second.link.reset();
    known->second.life->connected = false;
  };
  for (const Peer& peer : options_.peers) {
    const Hello hello{.kind = Hello::Kind::kHello,
                      .from = options_.self,
                      .to = peer.id,
                      .incarnation = options_.incarnation,
                      .membership = membership_,
                      .previous = options_.previous,
                      .start = options_.start,
                      .folder = options_.folder,
                      .text = options_.cluster,
                      .settings = encode_agreement(options_.agreement)};
    in_[peer.id];
    const auto told = [this, id = peer.id](Hello::Kind kind, Incarnation life) {
      if (options_.told) options_.told(id, kind, life);
    };
    const auto lost = [this, id = peer.id] {
      if (options_.lost && !stopped_) options_.lost(id);
    };
    out_[peer.id] = std::make_shared<LinkOut>(loop_, log_, hello, peer.name, peer.address, told, lost);
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
  for (auto& [id, inbound] : in_) {
    if (const auto link = std::exchange(inbound.link, nullptr)) link->close();
  }
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
      // Probably no descriptor is left, so the next attempt waits.
      limited_log_.write(LinkIn::kNotTaken, LogLevel::kWarning, "can't take a peer's connection: " + error.message());
      accept_again_.expires_after(std::chrono::milliseconds(100));
      accept_again_.async_wait([this](error_code cancelled) {
        if (!cancelled) accept();
      });
      return;
    }
    if (strangers_.size() >= kStrangersMax) std::shared_ptr(strangers_.front())->give_way();
    strangers_.push_back(std::make_shared<LinkIn>(std::move(socket), host_, limited_log_));
    std::shared_ptr(strangers_.back())->start();
    accept();
  });
}

LinkIn::Host::Judgement PeerLinks::judge(const std::shared_ptr<LinkIn>& link, const Hello& hello) {
  const auto inbound = in_.find(hello.from);
  HelloKnown known{.cluster = options_.cluster,
                   .self = options_.self,
                   .agreement = &options_.agreement,
                   .membership = membership_,
                   .from_peer = inbound != in_.end(),
                   .present = {},
                   .unreachable_after_ns = options_.unreachable_after_ns};
  if (inbound != in_.end()) known.present = inbound->second.life;
  const TimeNs now_ns = NodeHost::monotonic_ns();
  HelloVerdict verdict = judge_hello(known, hello, now_ns);
  if (verdict.fault == HelloFault::kSettings || verdict.welcome()) inbound->second.differ = std::move(verdict.differ);
  if (verdict.fault >= HelloFault::kSettings) verdict.reason = peer_name(hello.from) + ": " + verdict.reason;
  if (!verdict.welcome()) return {refusal_of(hello, known, verdict.fault), verdict.fault, verdict.reason};
  const auto before = std::exchange(inbound->second.link, link);
  inbound->second.life = {.incarnation = hello.incarnation,
                          .start = hello.start,
                          .folder = hello.folder,
                          .last_heard_ns = now_ns,
                          .connected = true};
  std::erase(strangers_, link);
  if (before) {
    limited_log_.write(LinkIn::kReplaced + hello.from, LogLevel::kInfo,
                       "replaced a peer's connection: " + verdict.reason,
                       {{"peer", peer_name(hello.from)}, {"from", link->address()}, {"replaced", before->address()}});
    before->close();
  }
  return {welcome_to(hello, known, options_.incarnation), HelloFault::kNone, {}};
}

void PeerLinks::received(NodeId from, Message&& message) {
  Inbound& inbound = in_.at(from);
  ++inbound.received;
  inbound.life->last_heard_ns = NodeHost::monotonic_ns();
  give_(from, std::move(message));
}

std::vector<PeerLinks::PeerStats> PeerLinks::stats() const {
  std::vector<PeerStats> all;
  for (const auto& [id, link] : out_) {
    all.push_back({link->peer_name(), link->connected(), link->stats(), in_.at(id).received, in_.at(id).differ});
  }
  return all;
}

}  // namespace dkv
