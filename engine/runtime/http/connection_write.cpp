// The writing side of a connection, and the detection of clients that take their answers too slowly.
#include <sys/ioctl.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "engine/runtime/http/connection.h"
#include "engine/runtime/node_host.h"

namespace dkv::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr TimeNs kPiecesNs = 500 * kMicrosecond;  // for long answers, in one turn

constexpr std::size_t kKeptBytesMax = 16u << 10;

// Frees a large buffer, because its charge has ended and its connection may stay open.
void empty(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBytesMax) std::string().swap(buffer);
}

}  // namespace

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
  // The system nearly always takes the bytes at once.
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
  // The backlog may hold requests that had to wait.
  if (!backlog_.empty() && may_begin()) {
    const std::string waiting = std::exchange(backlog_, {});
    take_requests(waiting);
  }
  read();
}

// Continues in a later turn, so that other connections are served between the pieces of a long answer.
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

// Lingers before it closes, for two reasons. A reset would destroy the answer for a client that is still sending
// (RFC 9112, 9.6). And the bytes in the system's buffer are counted here until the client has taken them. After the
// socket is closed, they could not be counted.
void Connection::end() {
  if (queued_bytes() == 0 && (!failed_ || saw_end_)) return close();
  if (linger_until_ns_ == 0) {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    linger_until_ns_ = NodeHost::monotonic_ns() + (failed_ ? kLingerNs : 0);
  }
  read();
}

// Closes and discards the bytes that the client has not taken. Otherwise the system would keep them.
void Connection::reset() {
  if (queued_bytes() > 0) {
    error_code ignored;
    socket_.set_option(tcp::socket::linger(true, 0), ignored);
  }
  close();
}

std::uint64_t Connection::owed_bytes() const noexcept {
  const std::uint64_t encoded = writing_.size() - written_ + unsent_.size();
  return slots_.empty() || !slots_.front().source ? encoded : encoded + kSentBytesMin;
}

// The bytes that the client's system has not acknowledged. A successful write only fills the buffer here.
std::uint64_t Connection::queued_bytes() {
  int queued = 0;
  return ::ioctl(socket_.native_handle(), TIOCOUTQ, &queued) == 0 && queued > 0 ? static_cast<std::uint64_t>(queued)
                                                                                : 0;
}

bool Connection::takes_too_slowly(TimeNs now_ns) {
  if (!waits_for_room_) {
    window_began_ns_ = 0;
    return false;
  }
  const std::uint64_t taken = sent_bytes_ - std::min(sent_bytes_, queued_bytes());
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
