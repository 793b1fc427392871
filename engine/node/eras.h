#pragma once

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/types.h"

namespace dkv {

// Eras prove, without a common clock, that no old state is in transit any more. This is epoch-based reclamation
// (Fraser, "Practical lock-freedom", 2004), with nodes in place of threads.
//
// All nodes count eras together, and learn of a new one from heartbeats. A node has *settled* into an era once it holds
// no operation and no hint with content older than the era before; its heartbeats say so. Any node may begin the next
// era when all members have settled into this one. So a node that is away, or that cannot deliver a hint, stops the
// count, and every proof waits. A message with a state names an era. A node drops the message when that era is more
// than kSlack older than the era into which the node has settled.
//
// No era is written to a disk. Each life begins above all eras of lives with lower numbers, so the count continues
// above every old state when all nodes start again. After such a jump, a waiting proof counts from the new era.
//
// docs/design/reaping.md has the rules, and the proof that this many eras are enough. In short: at an agreement in era
// e, no era above e + 2 exists. All old states are named e + 5 at most. Once e + 8 exists, no node holds an old state,
// and a node that has settled into e + 8 takes none.
inline constexpr Era kErasToForget = 8;

class Eras {
 public:
  static constexpr Era kSlack = 2;
  static constexpr Era kMax = Era{1} << 62;

  Era current() const noexcept { return current_; }
  Era settled() const noexcept { return settled_; }

  // The eras of one life fit into this many bits: real nodes number their lives by seconds
  // (engine/runtime/incarnation.h), and an era takes at least one message each way.
  static constexpr unsigned kErasOfLifeBits = 24;

  // Called before the first heartbeat of a life.
  void begin(Incarnation life) noexcept {
    DKV_ASSERT(current_ == 0 && settled_ == 0);
    current_ = Era{life} << kErasOfLifeBits;
  }

  // True when the era is new here. An era above kMax is ignored, because no cluster counts that far.
  bool heard(Era era) noexcept {
    if (era <= current_ || era > kMax) return false;
    current_ = era;
    return true;
  }
  // oldest_held: the least era that names an operation or a hint here; current() when there are none.
  void settle(Era oldest_held) noexcept {
    DKV_ASSERT(oldest_held <= current_);  // no operation begins in an era that is yet to come
    if (oldest_held + 1 >= current_) settled_ = current_;
  }
  // least_settled: the least era into which any other member is known to have settled.
  void begin_next(Era least_settled) noexcept {
    DKV_ASSERT(settled_ <= current_);
    if (std::min(settled_, least_settled) >= current_) ++current_;
  }
  bool takes(Era stamp) const noexcept { return stamp + kSlack >= settled_; }

  // How often this life has lost versions that it could not read. A proof relies on the states that nodes have promised
  // to hold, so it begins again.
  std::uint64_t damages() const noexcept { return damages_; }
  void damaged() noexcept { ++damages_; }

 private:
  Era current_ = 0;
  Era settled_ = 0;
  std::uint64_t damages_ = 0;
};

}  // namespace dkv
