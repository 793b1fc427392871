#include "engine/runtime/http/connection.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdio>

#include "engine/core/assert.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr TimeNs kPiecesNs = 500 * kMicrosecond;  // for long answers, in a turn
constexpr std::uint64_t kSlotBytes = 512;         // what a request takes beside its body, about

// Buffers that were large once are given back.
void empty(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > Connection::kUnsentBytesMax) std::string().swap(buffer);
}

Response overloaded() {
  Response response{.status = 503,
                    .content_type = "text/plain",
                    .headers = {},
                    .body = "the node holds as many bytes for its clients as it may; nothing was done\n"};
  response.header("Retry-After", "1");
  return response;
}

}  // namespace

Connection::Connection(EventLoop& loop, tcp::socket socket, const ConnectionLimits& limits, Host& host)
    : loop_(loop),
      socket_(std::move(socket)),
      limits_(limits),
      host_(host),
      budget_(limits.share_bytes, &host.budget),
      parser_(limits.parser),
      reading_charge_(budget_),
      output_charge_(budget_) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

void Connection::start() {
  last_progress_ns_ = NodeHost::monotonic_ns();
  read();
}

// An answer that is still made finds nobody; what this connection holds goes now.
void Connection::close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  slots_.clear();
  std::string().swap(backlog_);
  std::string().swap(unsent_);
  std::string().swap(writing_);
  parser_ = RequestParser(limits_.parser);
  reading_charge_.force(0);
  output_charge_.force(0);
  host_.closed(shared_from_this());
}

void Connection::sweep(TimeNs now_ns) {
  if (closed_) return;
  if (linger_until_ns_ != 0) {
    if (now_ns > linger_until_ns_) close();
    return;
  }
  // While nothing is read, it is not the client who keeps a request waiting.
  if (request_began_ns_ != 0 && !may_read()) request_began_ns_ = now_ns;
  if (request_began_ns_ != 0 && now_ns - request_began_ns_ > limits_.request_ns) {
    return fail({408, "the request did not arrive in time"});
  }
  if (takes_too_slowly(now_ns)) return close();
  if (idle() && now_ns - last_progress_ns_ > limits_.idle_ns) close();
}

void Connection::drain() {
  last_taken_ = true;
  request_began_ns_ = 0;
  if (idle()) close();
}

bool Connection::may_read() const noexcept {
  return !closed_ && !last_taken_ && backlog_.empty() && (parser_.begun() || may_begin());
}

bool Connection::may_begin() const noexcept {
  return slots_.size() < begin_max_ && budget_.left() > 0;
}

void Connection::read() {
  if (reading_ || closed_ || !(may_read() || linger_until_ns_ != 0)) return;
  reading_ = true;
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    self->reading_ = false;
    if (self->closed_) return;
    if (error) return self->close();
    self->read_some();
  });
}

void Connection::read_some() {
  error_code error;
  const std::size_t count = socket_.read_some(asio::buffer(host_.scratch), error);
  if (error == asio::error::would_block || error == asio::error::try_again) return read();
  if (error) {
    // The client may have sent its last request and wait for the answers.
    if (error == asio::error::eof && !idle()) return drain();
    return close();
  }
  if (linger_until_ns_ == 0) {
    last_progress_ns_ = NodeHost::monotonic_ns();
    if (!last_taken_) take_requests({host_.scratch.data(), count});
  }
  read();
}

// As many as there are and may begin; the bytes of the others wait.
void Connection::take_requests(std::string_view bytes) {
  while (!bytes.empty() && !closed_ && !last_taken_ && (parser_.begun() || may_begin())) {
    bytes.remove_prefix(parser_.put(bytes));
    if (parser_.failure()) {
      fail(*parser_.failure());
    } else if (parser_.done()) {
      take_one();
    } else if (!reading_charge_.resize(parser_.held_bytes())) {
      fail({.status = 503, .what = {}});
    }
  }
  if (closed_) return;
  if (last_taken_) bytes = {};
  backlog_ = std::string(bytes);
  reading_charge_.force(last_taken_ ? 0 : parser_.held_bytes() + backlog_.size());
  if (last_taken_ || !parser_.begun()) {
    request_began_ns_ = 0;
  } else if (request_began_ns_ == 0) {
    request_began_ns_ = last_progress_ns_;
  }
  offer_continue();
}

// An interim answer stands behind the answers to earlier requests.
void Connection::offer_continue() {
  if (last_taken_ || !slots_.empty() || !parser_.wants_continue()) return;
  unsent_ += "HTTP/1.1 100 Continue\r\n\r\n";
  ask_for_end();
}

void Connection::take_one() {
  Request request = parser_.take();
  request_began_ns_ = 0;
  Charge charge = std::exchange(reading_charge_, Charge(budget_));
  if (!charge.resize(kSlotBytes + 3 * request.body.size())) {
    return fail({.status = 503, .what = {}});
  }
  const std::uint64_t number = first_slot_ + slots_.size();
  Slot& slot = slots_.emplace_back();
  slot.charge = std::move(charge);
  slot.method = request.method;
  slot.minor_version = request.minor_version;
  slot.keep_alive = request.keep_alive;
  if (!request.keep_alive) last_taken_ = true;
  host_.handle(std::move(request), [self = shared_from_this(), number](Response&& response) {
    self->respond(number, std::move(response));
  });
}

// Says what is wrong, behind the answers that are owed, and closes: where the next request begins is unknown.
void Connection::fail(ParseFailure failure) {
  last_taken_ = failed_ = true;
  parser_ = RequestParser(limits_.parser);
  request_began_ns_ = 0;
  const std::uint64_t number = first_slot_ + slots_.size();
  Slot& slot = slots_.emplace_back();
  slot.charge = Charge(budget_);
  slot.keep_alive = false;
  Response response =
      failure.status == 503
          ? overloaded()
          : Response{
                .status = failure.status, .content_type = "text/plain", .headers = {}, .body = failure.what + "\n"};
  respond(number, std::move(response));
}

void Connection::respond(std::uint64_t number, Response&& response) {
  // A connection that ends with an earlier answer owes no later ones.
  if (closed_ || number - first_slot_ >= slots_.size()) return;
  Slot& slot = slots_[static_cast<std::size_t>(number - first_slot_)];
  DKV_ASSERT(!slot.ready);
  slot.ready = true;
  fit(slot, response);
  const Delivery delivery{
      .head = slot.method == Method::kHead, .keep_alive = slot.keep_alive, .minor_version = slot.minor_version};
  const bool next = number == first_slot_ && !response.source;
  slot.end = encode(response, delivery, host_.date, next ? unsent_ : slot.bytes);
  if (slot.end != BodyEnd::kHere) slot.source = std::move(response.source);
  if (!slot.source) slot.charge.force(slot.bytes.size());
  ask_for_end();
}

// Charges the answer. What does not fit is not sent: a read is refused, and a write, which is done, is told without
// what it now holds.
void Connection::fit(Slot& slot, Response& response) {
  if (slot.method == Method::kHead) return;
  learn(response.source ? response.source->held_bytes() : response.body.size());
  if (!response.source || slot.charge.resize(response.source->held_bytes())) return;
  if (slot.method == Method::kGet) {
    response = overloaded();
  } else {
    response.status = 204;
    response.source = nullptr;
  }
}

// So many requests begin at once as their answers, if they are like this one, leave room for in the share. How long an
// answer will be is not known before; so few begin at first.
void Connection::learn(std::uint64_t answer_bytes) {
  const std::uint64_t fitting =
      std::max<std::uint64_t>(1, limits_.share_bytes / std::max<std::uint64_t>(1, answer_bytes));
  begin_max_ = static_cast<std::size_t>(std::min<std::uint64_t>({2 * begin_max_, fitting, limits_.pipelined_max}));
}

// Moves answers that are ready, in their order, to what is sent next: as many as there is room for, and no more than
// one piece of a long one.
void Connection::gather() {
  bool piece_sent = false;
  while (!slots_.empty() && slots_.front().ready && unsent_.size() < kUnsentBytesMax && !piece_sent) {
    Slot& slot = slots_.front();
    unsent_ += slot.bytes;
    std::string().swap(slot.bytes);
    if (slot.source) piece_sent = true;
    if (!slot.source || !send_piece(slot)) pop_slot();
  }
  offer_continue();
}

// False: that was the last one.
bool Connection::send_piece(Slot& slot) {
  if (slot.end != BodyEnd::kChunked) return slot.source->next(unsent_);
  std::string piece;
  const bool more = slot.source->next(piece);
  if (!piece.empty()) {
    char size[24];
    unsent_.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", piece.size())));
    unsent_ += piece;
    unsent_ += "\r\n";
  }
  if (!more) unsent_ += "0\r\n\r\n";
  return more;
}

void Connection::pop_slot() {
  const bool ends = slots_.front().end == BodyEnd::kUntilEnd;
  slots_.pop_front();
  ++first_slot_;
  if (!ends) return;
  last_taken_ = true;
  slots_.clear();
}

void Connection::ask_for_end() {
  if (!std::exchange(end_asked_, true)) loop_.at_turn_end(shared_from_this());
}

void Connection::end_turn() {
  end_asked_ = false;
  if (!waits_for_room_) write();
}

void Connection::write() {
  if (closed_) return;
  if (writing_.empty()) {
    gather();
    writing_.swap(unsent_);
  }
  output_charge_.force(writing_.size() + unsent_.size());
  if (writing_.empty()) return after_write();
  // Nearly always the system takes it at once.
  error_code error;
  const std::size_t sent =
      socket_.write_some(asio::buffer(writing_.data() + written_, writing_.size() - written_), error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) return close();
  if (sent > 0) last_progress_ns_ = NodeHost::monotonic_ns();
  sent_bytes_ += sent;
  written_ += sent;
  if (written_ < writing_.size()) return wait_until_writable();
  written_ = 0;
  empty(writing_);
  output_charge_.force(unsent_.size());
  after_write();
}

void Connection::wait_until_writable() {
  waits_for_room_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code error) {
    self->waits_for_room_ = false;
    if (self->closed_) return;
    if (error) return self->close();
    self->ask_for_end();
  });
}

void Connection::after_write() {
  if (!unsent_.empty() || (!slots_.empty() && slots_.front().ready)) {
    return go_on_later();
  }
  if (last_taken_ && idle()) return end();
  // What was read before may hold further requests that had to wait.
  if (!backlog_.empty() && may_begin()) {
    const std::string waiting = std::exchange(backlog_, {});
    take_requests(waiting);
  }
  read();
}

// In another turn: others have their say between the pieces of a long answer.
void Connection::go_on_later() {
  if (std::exchange(goes_on_, true)) return;
  host_.pieces->waiting.push_back(shared_from_this());
  if (std::exchange(host_.pieces->asked, true)) return;
  asio::post(loop_.context(), [&loop = loop_, pieces = host_.pieces] { go_on(loop, pieces); });
}

void Connection::go_on(EventLoop& loop, const std::shared_ptr<Pieces>& pieces) {
  const TimeNs began_ns = NodeHost::monotonic_ns();
  do {
    const std::shared_ptr<Connection> next = std::move(pieces->waiting.front());
    pieces->waiting.pop_front();
    next->goes_on_ = false;
    if (!next->closed_ && !next->waits_for_room_) next->write();
  } while (!pieces->waiting.empty() && NodeHost::monotonic_ns() - began_ns < kPiecesNs);
  pieces->asked = !pieces->waiting.empty();
  if (pieces->asked) asio::post(loop.context(), [&loop, pieces] { go_on(loop, pieces); });
}

// A client that is still sending would lose the answer to a reset: it gets a moment to read it (RFC 9112, 9.6).
void Connection::end() {
  if (!failed_) return close();
  if (linger_until_ns_ != 0) return;
  linger_until_ns_ = NodeHost::monotonic_ns() + kLingerNs;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  read();
}

std::uint64_t Connection::owed_bytes() const noexcept {
  const std::uint64_t encoded = writing_.size() - written_ + unsent_.size();
  return slots_.empty() || !slots_.front().source ? encoded : encoded + kSentBytesMin;
}

// What the client's own system has acknowledged: the buffer here may take megabytes that nobody reads.
std::uint64_t Connection::taken_bytes() {
  int queued = 0;
  if (::ioctl(socket_.native_handle(), TIOCOUTQ, &queued) != 0 || queued < 0) return sent_bytes_;
  return sent_bytes_ - std::min<std::uint64_t>(sent_bytes_, static_cast<std::uint64_t>(queued));
}

bool Connection::takes_too_slowly(TimeNs now_ns) {
  if (!waits_for_room_) {
    window_began_ns_ = 0;
    return false;
  }
  const std::uint64_t taken = taken_bytes();
  if (window_began_ns_ != 0) {
    if (now_ns - window_began_ns_ <= limits_.send_ns) return false;
    if (taken - window_taken_ < std::min(kSentBytesMin, window_owed_)) return true;
  }
  window_began_ns_ = now_ns;
  window_taken_ = taken;
  window_owed_ = owed_bytes();
  return false;
}

}  // namespace dkv::http
