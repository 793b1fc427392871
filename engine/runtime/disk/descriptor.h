#pragma once

#include <unistd.h>

#include <utility>

namespace dkv {

// Owns one open file descriptor, or none (-1).
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  // Gives up the descriptor. The caller closes it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  // The result of close(2) is ignored: no byte is durable before a sync, and the caller could do nothing about an
  // error.
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace dkv
