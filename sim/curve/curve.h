#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sim/curve/interval.h"

namespace dkv::sim {

// The probability of the failure at the moments of a run. Moment N is the state after N events.
//
// The search has rounds. The first asks for moments at even distances. Each later round halves the steps between
// neighbours that rise or fall beyond doubt: their intervals do not overlap. A change over a single event is a jump;
// more copies confirm it. A fall must be deep to be followed: the run was nearly lost, and had luck. A round depends
// only on the results of earlier rounds, and copies are told apart by their number. So the outcome does not depend on
// the order in which copies are played.
class Curve {
 public:
  struct Limits {
    std::uint64_t last_event = 0;  // of the failed run: from this event on it is lost for certain
    std::uint32_t copies = 64;     // of each moment, at least 1
    std::uint32_t moments = 16;    // of the first round beside the beginning, at least 1
    std::uint32_t jumps = 3;       // the greatest rises, which are followed at the same time
    std::uint32_t falls = 1;       // the same of falls
    double fall_least = 0.25;      // the least height of a fall that is followed
  };
  explicit Curve(const Limits& limits);

  struct Point {
    std::uint32_t played = 0;
    std::uint32_t failed = 0;
    double share() const noexcept { return played == 0 ? 0 : static_cast<double>(failed) / played; }
    Interval interval() const noexcept { return wilson(failed, played); }
  };
  // Copies of one moment: `copies` of them, by number from `first` on. The number is the salt of World::draw_again().
  struct Wanted {
    std::uint64_t event = 0;
    std::uint32_t first = 0;
    std::uint32_t copies = 0;
  };
  // The next round, ascending by event. Empty: the curve is complete. All copies of the last round were added.
  std::vector<Wanted> next();
  // A copy of this moment was played to its end.
  void add(std::uint64_t event, bool failed);

  // By event. A moment without a played copy is there, too.
  const std::map<std::uint64_t, Point>& points() const noexcept { return points_; }

  // A rise between two neighbours beyond doubt. A jump is one over a single event: after - before is 1.
  struct Rise {
    std::uint64_t before = 0, after = 0;
    double height = 0;  // difference of the shares
  };
  // The greatest first, as many as the limits say; of equal ones the earlier.
  std::vector<Rise> rises() const;
  // The same for falls. Their height is above 0, too.
  std::vector<Rise> falls() const;
  // The number of copies of each of its two moments that a jump needs.
  std::uint32_t confirmed_copies() const noexcept { return limits_.copies * kConfirm; }

 private:
  static constexpr std::uint32_t kConfirm = 4;

  std::vector<Wanted> first_round();
  std::vector<Rise> changes(bool rising) const;
  void want(std::uint64_t event, std::uint32_t copies, std::vector<Wanted>& wanted);

  Limits limits_;
  std::map<std::uint64_t, Point> points_;
  std::map<std::uint64_t, std::uint32_t> asked_;  // copies of each moment, those of this round too
};

}  // namespace dkv::sim
