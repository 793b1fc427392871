#pragma once

#include <cstdint>
#include <utility>

namespace dkv::http {

// A limit of the bytes that HTTP may hold at once, for a node or for one of its connections. Used on one thread. It
// must outlive its charges.
class Budget {
 public:
  // whole: the node's budget, if this is a connection's share of it. It counts the same bytes.
  explicit Budget(std::uint64_t limit_bytes, Budget* whole = nullptr) : limit_(limit_bytes), whole_(whole) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  std::uint64_t used() const noexcept { return used_; }
  std::uint64_t limit() const noexcept { return limit_; }
  std::uint64_t left() const noexcept { return used_ < limit_ ? limit_ - used_ : 0; }

 private:
  friend class Charge;
  // Only the node's budget refuses bytes. A connection above its share begins no further request.
  bool has(std::uint64_t bytes) const noexcept { return bytes <= (whole_ != nullptr ? *whole_ : *this).left(); }
  void change(std::uint64_t from, std::uint64_t to) noexcept {
    used_ += to - from;
    if (whole_ != nullptr) whole_->change(from, to);
  }

  std::uint64_t limit_;
  std::uint64_t used_ = 0;
  Budget* whole_;
};

// Bytes that are charged to a budget. The destructor returns them.
class Charge {
 public:
  Charge() = default;
  explicit Charge(Budget& budget) : budget_(&budget) {}
  Charge(Charge&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Charge& operator=(Charge&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Charge() {
    if (budget_ != nullptr) budget_->change(bytes_, 0);
  }

  std::uint64_t bytes() const noexcept { return bytes_; }
  // False, without a change, when the node's budget has not enough left. A smaller size always fits.
  bool resize(std::uint64_t bytes) noexcept {
    if (bytes > bytes_ && !budget_->has(bytes - bytes_)) return false;
    force(bytes);
    return true;
  }
  // Charges bytes that exist already and cannot be refused.
  void force(std::uint64_t bytes) noexcept { budget_->change(std::exchange(bytes_, bytes), bytes); }

 private:
  Budget* budget_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace dkv::http
