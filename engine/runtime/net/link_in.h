#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/protocol/messages.h"
#include "engine/runtime/limited_log.h"
#include "engine/runtime/net/hello_verdict.h"

namespace dkv {

// An incoming connection with one peer's frames. Any bytes except a hello and then valid frames end it with a line in
// the log, and have no other effect on this node. Used only on the loop's thread.
class LinkIn : public std::enable_shared_from_this<LinkIn> {
 public:
  static constexpr int kHelloMsMax = 3000;
  static constexpr std::size_t kReadBytes = 64u << 10;

  struct Host {
    struct Judgement {
      Hello answer;
      HelloFault fault = HelloFault::kNone;  // of a refusal, for this node's log
      std::string reason;                    // the same in words
    };
    // After a welcome, the link is the sender's connection.
    std::function<Judgement(const std::shared_ptr<LinkIn>&, const Hello&)> judge;
    // The welcome has been sent, and frames may come.
    std::function<void(NodeId from)> opened;
    std::function<void(NodeId from, Message&&)> received;
    std::function<void(const std::shared_ptr<LinkIn>&)> closed;
  };
  // The kinds of lines in the log. The fault is added to kRefused, and the welcomed peer's number to the last two.
  enum Line : std::uint32_t {
    kNotTaken,
    kSilent,
    kGaveWay,
    kUnreadable,
    kBroken,
    kRefused = 16,
    kPeer = 256,
    kReplaced = 1u << 31
  };
  // host and log must outlive the connection.
  LinkIn(boost::asio::ip::tcp::socket socket, const Host& host, LimitedLog& log);

  void start();
  void close();
  // Closes the connection, which has sent no hello yet, to make room for a newer one.
  void give_way();
  // kNoNode until it is welcomed.
  NodeId from() const noexcept { return from_; }
  const std::string& address() const noexcept { return peer_; }

 private:
  void read_hello(std::size_t wanted);
  void answer_hello();
  void read_frames();
  // False when the connection is over.
  bool take_frames();
  void end(std::uint32_t kind, const std::string& why);

  boost::asio::ip::tcp::socket socket_;
  const Host& host_;
  LimitedLog& log_;
  boost::asio::steady_timer timer_;
  std::string peer_;  // its address
  std::string greeting_;
  std::string buffer_;  // received; the bytes from begin_ on are not taken yet
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  NodeId from_ = kNoNode;
  bool open_ = false;  // the welcome has been sent
  bool over_ = false;
};

}  // namespace dkv
