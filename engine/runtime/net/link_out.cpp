#include "engine/runtime/net/link_out.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "engine/protocol/codec.h"

namespace dkv {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

LinkOut::LinkOut(EventLoop& loop, Logger& log, Hello hello, std::string peer_name, Address address, Told told,
                 std::function<void()> lost)
    : loop_(loop),
      log_(log),
      hello_(std::move(hello)),
      peer_name_(std::move(peer_name)),
      address_(std::move(address)),
      told_(std::move(told)),
      lost_(std::move(lost)),
      resolver_(loop.context()),
      socket_(loop.context()),
      timer_(loop.context()),
      jitter_(hash_combine(hello_.incarnation, hash_combine(hello_.from, hello_.to))) {}

void LinkOut::stop() {
  state_ = State::kStopped;
  ++attempt_;
  error_code ignored;
  resolver_.cancel();
  timer_.cancel();
  socket_.close(ignored);
}

void LinkOut::hurry() {
  if (state_ != State::kWaiting || attempt_ == 0) return;
  timer_.cancel();
  pause_ms_ = kPauseMsMin;
  connect();
}

void LinkOut::connect() {
  state_ = State::kConnecting;
  const std::uint64_t attempt = ++attempt_;
  const auto self = shared_from_this();
  timer_.expires_after(std::chrono::milliseconds(kHelloMsMax));
  timer_.async_wait([self, attempt](error_code error) {
    if (!error && attempt == self->attempt_ && self->state_ == State::kConnecting) self->give_up("no answer in time");
  });
  resolver_.async_resolve(address_.host, std::to_string(address_.port), tcp::resolver::numeric_service,
                          [self, attempt](error_code error, const tcp::resolver::results_type& found) {
                            if (attempt != self->attempt_) return;
                            if (error) return self->give_up(error.message());
                            asio::async_connect(self->socket_, found,
                                                [self, attempt](error_code failed, const tcp::endpoint&) {
                                                  if (attempt != self->attempt_) return;
                                                  if (failed) return self->fail(failed);
                                                  self->say_hello();
                                                });
                          });
}

void LinkOut::say_hello() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  const int unsent_ms = kUnsentMsMax;
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unsent_ms, sizeof unsent_ms);
  greeting_ = encode_hello(hello_);
  asio::async_write(socket_, asio::buffer(greeting_),
                    [self = shared_from_this(), attempt = attempt_](error_code error, std::size_t) {
                      if (attempt != self->attempt_) return;
                      if (error) return self->fail(error);
                      self->greeting_.clear();
                      self->read_welcome(kHelloHeadBytes);
                    });
}

void LinkOut::read_welcome(std::size_t wanted) {
  const std::size_t had = greeting_.size();
  if (had == wanted) return welcomed();
  greeting_.resize(wanted);
  asio::async_read(socket_, asio::buffer(greeting_.data() + had, wanted - had),
                   [self = shared_from_this(), attempt = attempt_](error_code error, std::size_t) {
                     if (attempt != self->attempt_) return;
                     if (error) return self->fail(error);
                     const auto size = hello_bytes(self->greeting_);
                     if (!size) return self->give_up(size.error().what);
                     self->read_welcome(*size);
                   });
}

void LinkOut::welcomed() {
  const auto answer = decode_hello(greeting_);
  if (!answer) return give_up(answer.error().what);
  // The refusal's text is not logged: an impostor at the peer's address could write into this node's log.
  if (answer->kind == Hello::Kind::kRefused) return give_up("it refuses this node, and its log says why");
  if (answer->kind == Hello::Kind::kTwin || answer->kind == Hello::Kind::kLate) {
    give_up(answer->kind == Hello::Kind::kTwin ? "it refuses this node, as it hears another process with its name"
                                               : "it refuses this node, as it has heard a later life of it");
    return told_(answer->kind, answer->incarnation);
  }
  if (answer->kind != Hello::Kind::kWelcome || answer->version != hello_.version || answer->from != hello_.to ||
      answer->membership != hello_.membership) {
    return give_up("another node answers at " + to_string(address_));
  }
  timer_.cancel();
  state_ = State::kOpen;
  ++stats_.connects;
  pause_ms_ = kPauseMsMin;
  said_why_.clear();
  log_.info("connected to " + peer_name_, {{"peer", peer_name_}, {"address", to_string(address_)}});
  watch_for_end();
  told_(answer->kind, answer->incarnation);
}

// The peer sends nothing, so the read ends when the connection ends.
void LinkOut::watch_for_end() {
  socket_.async_read_some(asio::buffer(&ignored_, 1),
                          [self = shared_from_this(), attempt = attempt_](error_code error, std::size_t) {
                            if (attempt != self->attempt_) return;
                            if (error) return self->fail(error);
                            self->give_up("it sent bytes, although it should only receive");
                          });
}

void LinkOut::send(const Message& message) {
  ++stats_.messages;
  if (state_ != State::kOpen || unsent_.size() > kWaitingBytesMax) {
    ++stats_.dropped;
    return;
  }
  if (!fits_into_frame(message)) {
    ++stats_.dropped;
    log_.error("a message is larger than a frame, and is not sent: a key has too many large siblings",
               {{"peer", peer_name_}});
    return;
  }
  encode_frame(message, unsent_);
  if (!std::exchange(end_asked_, true)) loop_.at_turn_end(shared_from_this());
}

void LinkOut::end_turn() {
  end_asked_ = false;
  if (writing_.empty()) write();
}

void LinkOut::write() {
  if (unsent_.empty() || state_ != State::kOpen) return;
  writing_.swap(unsent_);
  asio::async_write(socket_, asio::buffer(writing_),
                    [self = shared_from_this(), attempt = attempt_](error_code error, std::size_t bytes) {
                      if (attempt != self->attempt_) return;
                      self->stats_.bytes += bytes;
                      // The large buffer of a burst is freed.
                      if (self->writing_.capacity() > (1u << 20)) std::string().swap(self->writing_);
                      self->writing_.clear();
                      if (error) return self->fail(error);
                      self->write();
                    });
}

// A time-out proves nothing about the process of the peer: the network may be slow or cut.
void LinkOut::fail(const error_code& error) {
  const bool ended = error == asio::error::connection_refused || error == asio::error::connection_reset ||
                     error == asio::error::eof || error == asio::error::broken_pipe;
  give_up(error.message());
  if (ended && lost_) lost_();
}

void LinkOut::give_up(const std::string& why) {
  const bool was_open = state_ == State::kOpen;
  if (was_open || why != said_why_) {
    log_.write(was_open ? LogLevel::kWarning : LogLevel::kInfo,
               (was_open ? "lost the connection to " : "can't connect to ") + peer_name_ + ": " + why,
               {{"peer", peer_name_}, {"address", to_string(address_)}});
    said_why_ = why;
  }
  const std::uint64_t attempt = ++attempt_;
  error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
  unsent_.clear();
  writing_.clear();
  state_ = State::kWaiting;
  // Nodes may lose their connections at the same moment. The jitter spreads their next attempts.
  jitter_ = mix64(jitter_);
  const int pause_ms = pause_ms_ * 3 / 4 + static_cast<int>(jitter_ % static_cast<unsigned>(pause_ms_ / 2));
  pause_ms_ = std::min(pause_ms_ * 2, kPauseMsMax);
  timer_.expires_after(std::chrono::milliseconds(pause_ms));
  timer_.async_wait([self = shared_from_this(), attempt](error_code error) {
    if (!error && attempt == self->attempt_) self->connect();
  });
}

}  // namespace dkv
