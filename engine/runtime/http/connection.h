#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "engine/core/types.h"
#include "engine/runtime/event_loop.h"
#include "engine/runtime/http/message.h"
#include "engine/runtime/http/parser.h"

namespace dkv::http {

struct ConnectionLimits {
  ParserLimits parser;
  TimeNs idle_ns = 60 * kSecond;
  TimeNs request_ns = 30 * kSecond;
  std::uint32_t pipelined_max = 256;
};

// One client's connection: requests come in, in any number at once (pipelining), and their answers leave in the same
// order, those of one turn of the loop in one write.
class Connection final : public TurnEnd, public std::enable_shared_from_this<Connection> {
 public:
  static constexpr std::size_t kReadBytes = 16u << 10;
  static constexpr std::size_t kUnsentBytesMax = 4u << 20;  // of answers; then nothing more is read until some are gone

  struct Host {
    std::function<void(Request&&, Respond)> handle;
    std::function<void(const std::shared_ptr<Connection>&)> closed;
    std::string date;  // for the header of that name; kept up to date by whoever owns this
  };
  // host outlives the connection.
  Connection(EventLoop& loop, boost::asio::ip::tcp::socket socket, const ConnectionLimits& limits, const Host& host);

  void start();
  void close();
  // Closes what has waited for too long: for a request, for the rest of one, or for a client that reads nothing.
  void sweep(TimeNs now_ns);
  // Takes no further request, and closes once the answers to those it has taken are out.
  void drain();
  bool idle() const noexcept { return slots_.empty() && unsent_.empty() && writing_.empty(); }
  void end_turn() override;

 private:
  struct Slot {
    std::string bytes;
    bool ready = false;
    bool head = false;
    bool keep_alive = true;
  };

  void read();
  void take_requests();
  void take_one();
  void fail(const ParseFailure& failure);
  void respond(std::uint64_t number, Response&& response);
  void flush_ready();
  void write();
  void after_write();
  bool may_read() const noexcept;
  void ask_for_end();

  EventLoop& loop_;
  boost::asio::ip::tcp::socket socket_;
  const ConnectionLimits& limits_;
  const Host& host_;
  RequestParser parser_;
  std::string buffer_;  // read and not yet taken: [begin_, end_)
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::deque<Slot> slots_;        // answers that are owed, the oldest first
  std::uint64_t first_slot_ = 0;  // the number of slots_.front()
  std::string unsent_, writing_;
  TimeNs last_progress_ns_ = 0;  // of reading or writing
  TimeNs request_began_ns_ = 0;  // 0: no request is half read
  bool reading_ = false;
  bool taking_ = false;
  bool end_asked_ = false;
  bool last_taken_ = false;  // no request is taken any more
  bool closed_ = false;
};

}  // namespace dkv::http
