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
  // The descriptor, which is its taker's to close.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  // What close(2) says is of no use here: nothing is durable before a sync, and nothing can be done after it.
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace dkv
