#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/core/hash.h"
#include "engine/protocol/messages.h"
#include "engine/runtime/event_loop.h"
#include "engine/runtime/logger.h"
#include "engine/runtime/net/address.h"
#include "engine/runtime/net/hello.h"

namespace dkv {

struct LinkStats {
  std::uint64_t connects = 0;  // that ended in a welcome
  std::uint64_t messages = 0;  // handed over for sending
  std::uint64_t bytes = 0;     // written
  std::uint64_t dropped = 0;   // messages, without a connection or beyond kWaitingBytesMax
};

// The connection that carries this node's frames to one peer. It reconnects by itself, with a pause that grows while
// the peer does not answer. A message without a connection is lost. The node's own time-outs and hints make up for
// that, and a frame that has waited for minutes is useless.
class LinkOut final : public TurnEnd, public std::enable_shared_from_this<LinkOut> {
 public:
  static constexpr std::size_t kWaitingBytesMax = 64u << 20;  // unsent; further messages are dropped
  static constexpr int kPauseMsMin = 50, kPauseMsMax = 2000;  // between attempts, give or take a quarter
  static constexpr int kHelloMsMax = 3000;                    // connecting and hellos together
  static constexpr int kUnsentMsMax = 10'000;  // a peer that takes no byte for this long is gone (TCP_USER_TIMEOUT)

  // told: the peer has heard another life of this node, and refuses this one (kTwin, kLate). The link goes on trying.
  // Welcomes are told with kWelcome.
  using Told = std::function<void(Hello::Kind, Incarnation)>;
  // lost: called when the peer refuses or ends the connection, as the end of its process does; may be empty.
  LinkOut(EventLoop& loop, Logger& log, Hello hello, std::string peer_name, Address address, Told told,
          std::function<void()> lost = {});

  void start() { connect(); }
  // Ends the pause before the next attempt, because the peer has just connected to this node.
  void hurry();
  // Closes permanently.
  void stop();
  void send(const Message& message);
  void end_turn() override;

  bool connected() const noexcept { return state_ == State::kOpen; }
  const LinkStats& stats() const noexcept { return stats_; }
  const std::string& peer_name() const noexcept { return peer_name_; }

 private:
  enum class State : std::uint8_t { kWaiting, kConnecting, kOpen, kStopped };

  void connect();
  void say_hello();
  void read_welcome(std::size_t wanted);
  void welcomed();
  void watch_for_end();
  void write();
  // Ends the attempt or the connection, says why once for each reason, and tries again after a pause.
  void give_up(const std::string& why);
  // The same after an error of the socket, which may mean that the peer's process is gone.
  void fail(const boost::system::error_code& error);

  EventLoop& loop_;
  Logger& log_;
  const Hello hello_;
  const std::string peer_name_;
  const Address address_;
  const Told told_;
  const std::function<void()> lost_;
  State state_ = State::kWaiting;
  std::uint64_t attempt_ = 0;  // results of an earlier one are ignored
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  int pause_ms_ = kPauseMsMin;
  std::uint64_t jitter_;
  std::string said_why_;
  std::string greeting_;          // out or in
  std::string unsent_, writing_;  // frames
  bool end_asked_ = false;
  char ignored_ = 0;
  LinkStats stats_;
};

}  // namespace dkv
