#include "engine/runtime/http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>

#include "engine/core/assert.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint64_t kSlotBytes = 512;  // the estimated memory of a request without its body

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
  // If this fails, the system's buffer only holds more.
  (void)::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kSystemBytesMax, sizeof kSystemBytesMax);
}

void Connection::start() {
  last_progress_ns_ = NodeHost::monotonic_ns();
  read();
}

// Frees the memory at once. An answer that comes later is dropped.
void Connection::close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  slots_.clear();
  std::string().swap(backlog_);
  std::string().swap(unsent_);
  std::string().swap(writing_);
  parser_.clear();
  reading_charge_.force(0);
  output_charge_.force(0);
  host_.closed(shared_from_this());
}

void Connection::sweep(TimeNs now_ns) {
  if (closed_) return;
  if (linger_until_ns_ != 0) {
    if (now_ns > linger_until_ns_ + limits_.send_ns) return reset();
    if (now_ns > linger_until_ns_ && queued_bytes() == 0) close();
    return;
  }
  // While this node does not read, the client does not delay the request.
  if (request_began_ns_ != 0 && !may_read()) request_began_ns_ = now_ns;
  if (request_began_ns_ != 0 && now_ns - request_began_ns_ > limits_.request_ns) {
    return fail({408, "the request did not arrive in time"});
  }
  if (takes_too_slowly(now_ns)) return reset();
  if (idle() && now_ns - last_progress_ns_ > limits_.idle_ns) reset();
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
  if (reading_ || closed_ || saw_end_ || !(may_read() || linger_until_ns_ != 0)) return;
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
  if (error == asio::error::eof) {
    // The client may have sent its last request, and may wait for the answers.
    saw_end_ = true;
    return idle() ? end() : drain();
  }
  if (error) return close();
  if (linger_until_ns_ == 0) {
    last_progress_ns_ = NodeHost::monotonic_ns();
    if (!last_taken_) take_requests({host_.scratch.data(), count});
  }
  read();
}

// Takes as many requests as may begin. The bytes of the others wait.
void Connection::take_requests(std::string_view bytes) {
  while (!bytes.empty() && !closed_ && !last_taken_ && (parser_.begun() || may_begin())) {
    bytes.remove_prefix(parser_.put(bytes));
    if (parser_.failure()) {
      fail(*parser_.failure());
    } else if (parser_.done()) {
      take_one();
    } else if (parser_.in_body() && !judge_head()) {
      break;
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

// An interim answer must come after the answers to earlier requests.
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
  begin(std::move(request), std::move(charge));
}

void Connection::begin(Request&& request, Charge&& charge) {
  DoorVerdict verdict = verdict_ ? std::move(*verdict_) : host_.judge(request);
  verdict_.reset();
  const std::uint64_t number = first_slot_ + slots_.size();
  Slot& slot = slots_.emplace_back();
  slot.charge = std::move(charge);
  slot.method = request.method;
  slot.minor_version = request.minor_version;
  slot.keep_alive = request.keep_alive;
  if (!request.keep_alive) last_taken_ = true;
  host_.handle(std::move(request), std::move(verdict), [self = shared_from_this(), number](Response&& response) {
    self->respond(number, std::move(response));
  });
}

// False: the request is refused. Its body is not awaited, and the connection ends after the answer.
bool Connection::judge_head() {
  if (!verdict_) verdict_ = host_.judge(parser_.head());
  if (verdict_->status == 0) return true;
  failed_ = true;
  Request head = parser_.take_head();
  head.keep_alive = false;
  begin(std::move(head), Charge(budget_));
  return false;
}

// Reports the failure after all earlier answers. Then the connection ends, because the next request's start is unknown.
void Connection::fail(ParseFailure failure) {
  last_taken_ = failed_ = true;
  parser_.clear();
  verdict_.reset();
  host_.failed(failure);
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
  // An earlier answer may have ended the connection, and then later answers are dropped.
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

// Charges the answer. If it does not fit, a read is refused. A write is already done, so it is reported without the
// stored object.
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

// Limits the requests in progress, so that answers of this size fit into the share. The size of an answer is not known
// before, so only a few requests begin at first.
void Connection::learn(std::uint64_t answer_bytes) {
  const std::uint64_t fitting =
      std::max<std::uint64_t>(1, limits_.share_bytes / std::max<std::uint64_t>(1, answer_bytes));
  begin_max_ = static_cast<std::size_t>(std::min<std::uint64_t>({2 * begin_max_, fitting, limits_.pipelined_max}));
}

// Moves ready answers to the output, in their order: as many as there is room for, and at most one piece of a long one.
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

// Adds one piece of a long answer to the output. False: it was the last one.
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

}  // namespace dkv::http
