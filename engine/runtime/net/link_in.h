#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/protocol/messages.h"
#include "engine/runtime/logger.h"
#include "engine/runtime/net/hello.h"

namespace dkv {

// A connection over which one peer's frames come in. Whatever is not a hello and then whole, sound frames ends it with
// a line in the log, and costs this node nothing else.
class LinkIn : public std::enable_shared_from_this<LinkIn> {
 public:
  static constexpr int kHelloMsMax = 3000;
  static constexpr std::size_t kReadBytes = 64u << 10;

  struct Host {
    // The answer to a hello: a welcome, or a refusal with its reason.
    std::function<Hello(const Hello&)> judge;
    // It was welcomed: from now on it is `from`'s connection.
    std::function<void(const std::shared_ptr<LinkIn>&, NodeId from)> opened;
    std::function<void(NodeId from, Message&&)> received;
    std::function<void(const std::shared_ptr<LinkIn>&)> closed;
  };
  // host outlives the connection.
  LinkIn(boost::asio::ip::tcp::socket socket, const Host& host, Logger& log);

  void start();
  void close();
  // kNoNode until it was welcomed.
  NodeId from() const noexcept { return from_; }

 private:
  void read_hello(std::size_t wanted);
  void answer_hello();
  void read_frames();
  // False when the connection is over.
  bool take_frames();
  void end(const std::string& why);

  boost::asio::ip::tcp::socket socket_;
  const Host& host_;
  Logger& log_;
  boost::asio::steady_timer timer_;
  std::string peer_;  // its address
  std::string greeting_;
  std::string buffer_;  // read, from begin_ on not yet taken
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  NodeId from_ = kNoNode;
  bool over_ = false;
};

}  // namespace dkv
