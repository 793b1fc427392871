#include "engine/core/quorum.h"

#include "engine/core/assert.h"

namespace dkv {

Result<void> QuorumSpec::check() const {
  const std::string n = std::to_string(replicas);
  if (replicas == 0) return fail("n must be at least 1");
  if (replicas > kReplicasMax) return fail("n is " + n + ", at most " + std::to_string(kReplicasMax) + " is possible");
  if (need == 0) return fail("the quorum must be at least 1");
  if (need > replicas) return fail("the quorum is " + std::to_string(need) + ", more than the " + n + " replicas");
  if (need_primary > replicas) {
    return fail("the quorum of primaries is " + std::to_string(need_primary) + ", more than the " + n + " replicas");
  }
  return {};
}

QuorumTally::QuorumTally(const QuorumSpec& spec) : spec_(spec) {
  DKV_ASSERT(spec.replicas >= 1 && spec.replicas <= kReplicasMax);
}

void QuorumTally::ask_primary(std::uint32_t place) {
  DKV_ASSERT(place < spec_.replicas && (primaries_.asked >> place & 1) == 0);
  primaries_.asked |= Places{1} << place;
}

void QuorumTally::ask_stand_in(std::uint32_t place) {
  DKV_ASSERT(spec_.mode == QuorumMode::kSloppy);
  DKV_ASSERT(place < spec_.replicas && (stand_ins_.asked >> place & 1) == 0);
  stand_ins_.asked |= Places{1} << place;
}

bool QuorumTally::answer_primary(std::uint32_t place, Answer answer) noexcept {
  return take(primaries_, place, answer);
}

bool QuorumTally::answer_stand_in(std::uint32_t place, Answer answer) noexcept {
  return take(stand_ins_, place, answer);
}

bool QuorumTally::take(Side& side, std::uint32_t place, Answer answer) noexcept {
  if (place >= kReplicasMax || (side.waiting() >> place & 1) == 0) return false;
  (answer == Answer::kYes ? side.yes : side.no) |= Places{1} << place;
  return true;
}

QuorumState QuorumTally::state() const noexcept {
  if (total() >= spec_.need && primary() >= spec_.need_primary) return QuorumState::kReached;
  const Places all = (Places{1} << spec_.replicas) - 1;
  const Places stand_ins = stand_ins_.waiting() | (stand_ins_possible_ ? all & ~stand_ins_.asked : 0);
  const Places primaries = primaries_.yes | primaries_.waiting();
  const bool possible = count(primaries | stand_ins_.yes | stand_ins) >= spec_.need;
  if (!possible || count(primaries) < spec_.need_primary) return QuorumState::kImpossible;
  return QuorumState::kPending;
}

}  // namespace dkv
