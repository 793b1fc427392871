#pragma once

#include <algorithm>

#include "engine/core/types.h"

namespace dkv {

// How a cluster without a clock in common knows that nothing old is under way any more: epoch-based reclamation
// (Fraser, "Practical lock-freedom", 2004), with nodes for threads.
//
// Eras are counted by all nodes together. A node learns of a new one from heartbeats. It has *settled* into it once it
// holds nothing, as an operation or a hint, whose content may be older than the era before; and it says so. Any node
// may begin the next era when all members have settled into this one. So a node that is away, or holds a hint that it
// can't deliver, stops the count, and with it whatever waits for it. What carries a state names an era, and a node
// drops what is more than kSlack older than the one that it has settled into.
//
// With m the latest era anywhere when something became true of all replicas of a key, content from before that is named
// m + 3 at most: an operation of era s keeps its node from settling beyond s + 1, a hint that came with stamp s to a
// node that had settled into s + 2 at most keeps that one there, and a hint is sent and read under the eras that its
// presence allows. Once all members have settled into m + 7 there is none, and none will be taken: m + 6 shuts out the
// stamps, and the last one makes it true before, so that a node which began a new life since was not sent any either
// (stamps name the receiver's life). And m <= e + 1 for a node that knows of era e, once each member has told it of its
// era in answer to its own life: for the one after the next needs it to have settled.
//
// No era is written to a disk. Each life begins at one that is above all of earlier lives with a lower number, so that
// when all start anew the count goes on above what may still be under way. Such a jump leaves the bound above behind:
// whoever waits for a proof begins to count again when it hears of one.
inline constexpr Era kErasToForget = 8;

class Eras {
 public:
  static constexpr Era kSlack = 2;
  static constexpr Era kMax = Era{1} << 62;

  Era current() const noexcept { return current_; }
  Era settled() const noexcept { return settled_; }

  // Real nodes number their lives by seconds (engine/runtime/incarnation.h): no life counts so fast.
  static constexpr unsigned kErasOfLifeBits = 24;

  // Before the first heartbeat of a life.
  void begin(Incarnation life) noexcept { current_ = Era{life} << kErasOfLifeBits; }

  // True when it is news. No cluster counts as far as kMax.
  bool heard(Era era) noexcept {
    if (era <= current_ || era > kMax) return false;
    current_ = era;
    return true;
  }
  // oldest_held: of the content of operations and hints here; current() when there are none.
  void settle(Era oldest_held) noexcept {
    if (oldest_held + 1 >= current_) settled_ = current_;
  }
  // least_settled: of all members.
  void begin_next(Era least_settled) noexcept {
    if (std::min(settled_, least_settled) >= current_) ++current_;
  }
  bool takes(Era stamp) const noexcept { return stamp + kSlack >= settled_; }

 private:
  Era current_ = 0;
  Era settled_ = 0;
};

}  // namespace dkv
