#include "engine/runtime/net/link_in.h"

#include <algorithm>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <string_view>

#include "engine/protocol/codec.h"
#include "engine/runtime/net/listen.h"

namespace dkv {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

LinkIn::LinkIn(tcp::socket socket, const Host& host, LimitedLog& log)
    : socket_(std::move(socket)), host_(host), log_(log), timer_(socket_.get_executor()) {
  error_code error;
  const tcp::endpoint endpoint = socket_.remote_endpoint(error);
  peer_ = error ? "?" : to_string(endpoint);
}

void LinkIn::start() {
  timer_.expires_after(std::chrono::milliseconds(kHelloMsMax));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && !self->open_) self->end(kSilent, "no hello in time");
  });
  read_hello(kHelloHeadBytes);
}

void LinkIn::close() {
  if (std::exchange(over_, true)) return;
  error_code ignored;
  timer_.cancel();
  socket_.close(ignored);
  host_.closed(shared_from_this());
}

void LinkIn::read_hello(std::size_t wanted) {
  const std::size_t had = greeting_.size();
  if (had == wanted) return answer_hello();
  greeting_.resize(wanted);
  asio::async_read(socket_, asio::buffer(greeting_.data() + had, wanted - had),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (self->over_) return;
                     if (error) return self->end(kBroken, error.message());
                     const auto size = hello_bytes(self->greeting_);
                     if (!size) return self->end(kUnreadable, size.error().what);
                     self->read_hello(*size);
                   });
}

void LinkIn::answer_hello() {
  const auto hello = decode_hello(greeting_);
  if (!hello) return end(kUnreadable, hello.error().what);
  if (hello->kind != Hello::Kind::kHello) return end(kUnreadable, "it answers where it should greet");
  const auto [answer, fault, reason] = host_.judge(shared_from_this(), *hello);
  greeting_ = encode_hello(answer);
  if (answer.kind == Hello::Kind::kWelcome) from_ = hello->from;
  asio::async_write(socket_, asio::buffer(greeting_),
                    [self = shared_from_this(), kind = kRefused + static_cast<std::uint32_t>(fault), why = reason](
                        error_code error, std::size_t) {
                      if (self->over_) return;
                      if (error) return self->end(kBroken, error.message());
                      if (self->from_ == kNoNode) return self->end(kind, "refused: " + why);
                      self->open_ = true;
                      self->timer_.cancel();
                      self->host_.opened(self->from_);
                      self->buffer_.resize(kReadBytes);
                      self->read_frames();
                    });
}

void LinkIn::read_frames() {
  socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (self->over_) return;
                            if (error) return self->end(kBroken, error.message());
                            self->end_ += bytes;
                            if (self->take_frames()) self->read_frames();
                          });
}

// Leaves room in the buffer for the rest of a frame that has begun.
bool LinkIn::take_frames() {
  std::size_t wanted = kFrameHeaderBytes;
  while (end_ - begin_ >= kFrameHeaderBytes) {
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const auto bytes = frame_bytes(rest.substr(0, kFrameHeaderBytes));
    if (!bytes) return end(kUnreadable, bytes.error().what), false;
    wanted = *bytes;
    if (rest.size() < *bytes) break;
    auto message = decode_frame(rest.substr(0, *bytes));
    if (!message) return end(kUnreadable, message.error().what), false;
    begin_ += *bytes;
    wanted = kFrameHeaderBytes;
    host_.received(from_, std::move(*message));
    if (over_) return false;
  }
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  // For a large frame the buffer doubles as the bytes come, and afterwards it shrinks again.
  if (end_ == buffer_.size()) buffer_.resize(std::min(std::max(2 * buffer_.size(), kReadBytes), wanted + kReadBytes));
  if (end_ == 0 && buffer_.size() > (1u << 20)) std::string(kReadBytes, '\0').swap(buffer_);
  return true;
}

void LinkIn::give_way() {
  end(kGaveWay, "it had not said hello when newer ones came");
}

void LinkIn::end(std::uint32_t kind, const std::string& why) {
  if (over_) return;
  if (from_ != kNoNode) kind = kPeer + from_;
  log_.write(kind, LogLevel::kWarning, "closed a peer's connection: " + why, {{"from", peer_}});
  close();
}

}  // namespace dkv
