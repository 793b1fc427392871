#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/types.h"
#include "engine/gateway/body_source.h"
#include "engine/gateway/message.h"
#include "engine/runtime/event_loop.h"
#include "engine/runtime/http/budget.h"
#include "engine/runtime/http/callbacks.h"
#include "engine/runtime/http/door.h"
#include "engine/runtime/http/parser.h"

namespace dkv::http {

struct ConnectionLimits {
  ParserLimits parser;
  TimeNs idle_ns = 60 * kSecond;
  TimeNs request_ns = 30 * kSecond;
  TimeNs send_ns = 10 * kSecond;  // in each such time a client must take kSentBytesMin of its answers, or all
  std::uint32_t pipelined_max = 256;
  std::uint64_t share_bytes = 64u << 20;  // of the node's budget; a connection above it begins no request
};

// One client's connection. Requests may be pipelined. Answers leave in the order of the requests, and those of one turn
// of the loop in one write. Long answers are made while they are sent, one piece in each turn.
//
// A connection charges its memory to the node's budget: bodies as they come, requests in progress, and answers until
// they are sent. A request in progress counts three times its body, because the value is read out of the body and then
// stored with its envelope. A request that does not fit is answered with 503.
//
// Access is judged as soon as the head is complete, so a refused request costs no more than its head.
class Connection final : public TurnEnd, public std::enable_shared_from_this<Connection> {
 public:
  static constexpr std::size_t kReadBytes = 64u << 10;
  static constexpr std::size_t kUnsentBytesMax = 256u << 10;  // of encoded answers; the next ones wait
  static constexpr std::uint64_t kSentBytesMin = 64u << 10;
  // The limit of unsent bytes in the system's buffer. By default the system would take up to 4 MiB for a client that
  // reads nothing, and no budget counts them.
  static constexpr int kSystemBytesMax = 256 << 10;
  static constexpr TimeNs kLingerNs = kSecond;  // for the client to read why its connection ends

  // The connections that have more of a long answer to send. They take turns, so that no turn of the loop is long.
  struct Pieces {
    std::deque<std::shared_ptr<Connection>> waiting;
    bool asked = false;
  };
  struct Host {
    explicit Host(std::uint64_t budget_bytes) : budget(budget_bytes) {}
    std::function<DoorVerdict(const Request&)> judge;  // judges the head
    // A request that the verdict refuses comes without its body, and is answered with the refusal.
    std::function<void(Request&&, DoorVerdict&&, Respond)> handle;
    std::function<void(const ParseFailure&)> failed;  // a request was answered here and not passed to handle
    std::function<void(const std::shared_ptr<Connection>&)> closed;
    std::string date;  // for the header of that name; the owner keeps it up to date
    Budget budget;
    std::shared_ptr<Pieces> pieces = std::make_shared<Pieces>();
    std::vector<char> scratch = std::vector<char>(kReadBytes);  // for one read of any connection
  };
  // host outlives the connection.
  Connection(EventLoop& loop, boost::asio::ip::tcp::socket socket, const ConnectionLimits& limits, Host& host);

  void start();
  void close();
  // Closes the connection if it has waited too long for a request or the rest of one, or if its client takes the
  // answers too slowly.
  void sweep(TimeNs now_ns);
  // Takes no further request, and closes after the last answer.
  void drain();
  bool idle() const noexcept { return slots_.empty() && unsent_.empty() && writing_.empty(); }
  void end_turn() override;

 private:
  struct Slot {
    Charge charge;
    std::string bytes;  // the encoded answer, or its part before the source's body
    std::shared_ptr<BodySource> source;
    BodyEnd end = BodyEnd::kHere;
    Method method = Method::kOther;
    std::uint8_t minor_version = 1;
    bool keep_alive = true;
    bool ready = false;
  };

  // Reading.
  void read();
  void read_some();
  void take_requests(std::string_view bytes);
  void take_one();
  void begin(Request&& request, Charge&& charge);
  bool judge_head();
  bool may_read() const noexcept;
  bool may_begin() const noexcept;
  void offer_continue();
  void fail(ParseFailure failure);

  // Answering.
  void respond(std::uint64_t number, Response&& response);
  void fit(Slot& slot, Response& response);
  void learn(std::uint64_t answer_bytes);
  void gather();
  bool send_piece(Slot& slot);
  void pop_slot();

  // Writing.
  void ask_for_end();
  void write();
  void wait_until_writable();
  void after_write();
  void go_on_later();
  static void go_on(EventLoop& loop, const std::shared_ptr<Pieces>& pieces);
  void end();
  void reset();
  std::uint64_t owed_bytes() const noexcept;
  std::uint64_t queued_bytes();
  bool takes_too_slowly(TimeNs now_ns);

  EventLoop& loop_;
  boost::asio::ip::tcp::socket socket_;
  const ConnectionLimits& limits_;
  Host& host_;
  Budget budget_;  // this connection's share
  RequestParser parser_;
  std::optional<DoorVerdict> verdict_;  // on the head whose body is being read
  Charge reading_charge_, output_charge_;
  std::string backlog_;           // read, and not taken by the parser while no request may begin
  std::deque<Slot> slots_;        // answers that are owed, the oldest first
  std::uint64_t first_slot_ = 0;  // the number of slots_.front()
  std::size_t begin_max_ = 4;     // requests in progress at once; grows while their answers are small
  std::string unsent_, writing_;
  std::size_t written_ = 0;       // of writing_
  std::uint64_t sent_bytes_ = 0;  // handed to the system, in all
  TimeNs last_progress_ns_ = 0;   // of reading or writing
  TimeNs request_began_ns_ = 0;   // 0: no request is half read
  TimeNs window_began_ns_ = 0;    // of the measurement of slow clients; 0: no write waits
  TimeNs linger_until_ns_ = 0;    // 0: it does not linger
  std::uint64_t window_taken_ = 0, window_owed_ = 0;
  bool reading_ = false;
  bool waits_for_room_ = false;  // in the system's buffer
  bool end_asked_ = false;
  bool goes_on_ = false;     // is among the host's pieces
  bool last_taken_ = false;  // no request is taken any more
  bool failed_ = false;      // further bytes of the client are not parsed
  bool saw_end_ = false;     // the client sends nothing more
  bool closed_ = false;
};

}  // namespace dkv::http
