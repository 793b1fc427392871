#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "sim/why/inquiry.h"
#include "viz/model/session.h"

namespace dkv::viz {

// Explains the findings of the session's shown branch: violations, expectations that failed, stale reads, refusals. It
// plays the branch's whole run, apart from the session, in slices. Copies share the work.
class BranchInquiry {
 public:
  // Nothing is asked yet.
  BranchInquiry() = default;

  // Whether it is about this branch, with the commands that it has now.
  bool is_about(const Branch& branch) const noexcept;
  // Begins with the shown branch.
  void begin(const Session& session);
  // Works for about this long. True when it is finished, or nothing was asked.
  bool advance(std::chrono::nanoseconds budget);
  double progress() const noexcept { return inquiry_ ? inquiry_->progress() : 0; }
  // Empty while it is not finished.
  const std::vector<why::Chain>& chains() const noexcept;

 private:
  std::shared_ptr<why::Inquiry> inquiry_;  // null: nothing is asked
  BranchId branch_ = kNoBranch;
  std::size_t commands_ = 0;
};

}  // namespace dkv::viz
