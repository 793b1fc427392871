#include "engine/runtime/http/connection.h"

#include <algorithm>
#include <boost/asio/write.hpp>

#include "engine/core/assert.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Connection::Connection(EventLoop& loop, tcp::socket socket, const ConnectionLimits& limits, const Host& host)
    : loop_(loop), socket_(std::move(socket)), limits_(limits), host_(host), parser_(limits.parser) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

void Connection::start() {
  last_progress_ns_ = NodeHost::monotonic_ns();
  read();
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  host_.closed(shared_from_this());
}

void Connection::sweep(TimeNs now_ns) {
  const bool half_read = request_began_ns_ != 0 && now_ns - request_began_ns_ > limits_.request_ns;
  const bool waits_for_client = slots_.empty() || !writing_.empty();
  if (half_read && !closed_ && !last_taken_) {
    return fail({408, "the request did not arrive in time"});
  }
  if (waits_for_client && now_ns - last_progress_ns_ > limits_.idle_ns) close();
}

void Connection::drain() {
  last_taken_ = true;
  if (idle()) close();
}

bool Connection::may_read() const noexcept {
  return !closed_ && !last_taken_ && slots_.size() < limits_.pipelined_max && unsent_.size() < kUnsentBytesMax;
}

void Connection::read() {
  if (reading_ || !may_read()) return;
  reading_ = true;
  if (buffer_.size() - end_ < kReadBytes) buffer_.resize(end_ + kReadBytes);
  socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            self->reading_ = false;
                            if (self->closed_) return;
                            if (error) {
                              // The client may have sent its last request and wait for the answers.
                              if (error == asio::error::eof && !self->idle()) return self->drain();
                              return self->close();
                            }
                            self->last_progress_ns_ = NodeHost::monotonic_ns();
                            self->end_ += bytes;
                            self->take_requests();
                            self->read();
                          });
}

// As many as there are and may be taken; an answer given at once does not begin this anew from inside.
void Connection::take_requests() {
  if (taking_) return;
  taking_ = true;
  while (begin_ < end_ && may_read()) {
    const std::size_t taken = parser_.put({buffer_.data() + begin_, end_ - begin_});
    begin_ += taken;
    if (parser_.failure()) {
      fail(*parser_.failure());
      break;
    }
    if (parser_.done()) {
      take_one();
    } else {
      if (request_began_ns_ == 0) request_began_ns_ = last_progress_ns_;
      if (taken == 0) break;
    }
  }
  if (!closed_ && parser_.wants_continue()) {
    unsent_ += "HTTP/1.1 100 Continue\r\n\r\n";
    ask_for_end();
  }
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > 16 * kReadBytes) std::string().swap(buffer_);
  } else if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  taking_ = false;
}

void Connection::take_one() {
  Request request = parser_.take();
  request_began_ns_ = 0;
  const std::uint64_t number = first_slot_ + slots_.size();
  slots_.push_back({.head = request.method == Method::kHead, .keep_alive = request.keep_alive});
  if (!request.keep_alive) last_taken_ = true;
  host_.handle(std::move(request), [self = shared_from_this(), number](Response&& response) {
    self->respond(number, std::move(response));
  });
}

// Says what is wrong, behind the answers that are owed, and closes: where the next request begins is unknown.
void Connection::fail(const ParseFailure& failure) {
  last_taken_ = true;
  const std::uint64_t number = first_slot_ + slots_.size();
  slots_.push_back({.keep_alive = false});
  respond(number, {.status = failure.status, .content_type = "text/plain", .headers = {}, .body = failure.what + "\n"});
}

void Connection::respond(std::uint64_t number, Response&& response) {
  if (closed_) return;
  DKV_ASSERT(number >= first_slot_ && number < first_slot_ + slots_.size());
  Slot& slot = slots_[static_cast<std::size_t>(number - first_slot_)];
  DKV_ASSERT(!slot.ready);
  slot.ready = true;
  if (number == first_slot_) {
    encode(response, slot.head, slot.keep_alive, host_.date, unsent_);
    slots_.pop_front();
    ++first_slot_;
    flush_ready();
  } else {
    encode(response, slot.head, slot.keep_alive, host_.date, slot.bytes);
  }
  ask_for_end();
}

void Connection::flush_ready() {
  while (!slots_.empty() && slots_.front().ready) {
    unsent_ += slots_.front().bytes;
    slots_.pop_front();
    ++first_slot_;
  }
}

void Connection::ask_for_end() {
  if (!std::exchange(end_asked_, true)) loop_.at_turn_end(shared_from_this());
}

void Connection::end_turn() {
  end_asked_ = false;
  if (writing_.empty()) write();
}

void Connection::write() {
  if (closed_) return;
  if (unsent_.empty()) return after_write();
  writing_.swap(unsent_);
  // Nearly always the system takes it at once.
  error_code error;
  const std::size_t sent = socket_.write_some(asio::buffer(writing_), error);
  if (!error && sent == writing_.size()) {
    last_progress_ns_ = NodeHost::monotonic_ns();
    writing_.clear();
    return after_write();
  }
  if (error && error != asio::error::would_block && error != asio::error::try_again) return close();
  asio::async_write(socket_, asio::buffer(writing_.data() + sent, writing_.size() - sent),
                    [self = shared_from_this()](error_code failed, std::size_t) {
                      if (self->closed_) return;
                      if (failed) return self->close();
                      self->last_progress_ns_ = NodeHost::monotonic_ns();
                      self->writing_.clear();
                      self->write();
                    });
}

void Connection::after_write() {
  if (unsent_.capacity() > (1u << 20) && unsent_.empty()) std::string().swap(unsent_);
  if (writing_.capacity() > (1u << 20)) std::string().swap(writing_);
  if (last_taken_ && idle()) return close();
  // What was read before may hold further requests that had to wait.
  if (begin_ < end_ && may_read()) take_requests();
  read();
}

}  // namespace dkv::http
