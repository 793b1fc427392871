#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

inline constexpr std::uint32_t kReplicasMax = 16;

enum class QuorumMode : std::uint8_t {
  kSloppy,  // the next healthy node stands in for an unreachable primary
  kStrict,  // only the N primaries of the key count
};

// How many answers an operation needs: `need` places of the preference list, and in `need_primary` of them the primary
// itself.
struct QuorumSpec {
  std::uint32_t replicas = 3;  // N
  std::uint32_t need = 2;      // R or W
  std::uint32_t need_primary = 0;
  QuorumMode mode = QuorumMode::kSloppy;

  // 1 <= need <= replicas <= kReplicasMax, need_primary <= replicas.
  Result<void> check() const;
};

enum class QuorumState : std::uint8_t { kPending, kReached, kImpossible };

// Counts the places of the preference list that have answered: one for each of the N primaries. A stand-in answers for
// the place of its primary, because the handoff brings its copy there. When the primary answers as well, it takes its
// place over: the primaries are one more, and the total stays. A pure value.
class QuorumTally {
 public:
  enum class Answer : std::uint8_t {
    kYes,
    kNo,  // the node cannot serve the operation; this never turns into a yes
  };

  // spec passes its check(). No node has been asked yet.
  explicit QuorumTally(const QuorumSpec& spec);

  // Notes that the primary of the place is asked, or a stand-in for it: one at most, and none in strict mode. Places
  // count from 0.
  void ask_primary(std::uint32_t place);
  void ask_stand_in(std::uint32_t place);
  // Whether a place without a stand-in may still get one. At first it may not.
  void expect_stand_ins(bool possible) noexcept { stand_ins_possible_ = possible; }

  // Takes an answer. False, and nothing changes, when that node was not asked or has answered before.
  bool answer_primary(std::uint32_t place, Answer answer) noexcept;
  bool answer_stand_in(std::uint32_t place, Answer answer) noexcept;

  // kReached is final. kImpossible turns back into kPending when a further node is asked. A place is lost when its
  // primary has said no, or was not asked, and no stand-in for it is in progress or possible.
  QuorumState state() const noexcept;
  std::uint32_t total() const noexcept { return count(primaries_.yes | stand_ins_.yes); }
  std::uint32_t primary() const noexcept { return count(primaries_.yes); }
  // Places for which only a stand-in has answered.
  std::uint32_t fallback() const noexcept { return total() - primary(); }
  const QuorumSpec& spec() const noexcept { return spec_; }

 private:
  using Places = std::uint32_t;  // bit i: place i
  struct Side {
    Places asked = 0;
    Places yes = 0;
    Places no = 0;
    Places waiting() const noexcept { return asked & ~(yes | no); }
  };
  static std::uint32_t count(Places places) noexcept { return static_cast<std::uint32_t>(std::popcount(places)); }
  static bool take(Side& side, std::uint32_t place, Answer answer) noexcept;

  QuorumSpec spec_;
  Side primaries_;
  Side stand_ins_;
  bool stand_ins_possible_ = false;
};

}  // namespace dkv
