#include "engine/core/quorum.h"

#include <algorithm>
#include <iterator>

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

QuorumTally::QuorumTally(const QuorumSpec& spec, std::uint32_t candidates, std::uint32_t primary_candidates)
    : spec_(spec), candidates_(candidates), primary_candidates_(primary_candidates), asked_(candidates) {
  DKV_ASSERT(primary_candidates <= candidates);
  DKV_ASSERT(candidates <= kCandidatesMax);
}

bool QuorumTally::add_candidate(bool primary) {
  if (asked_ == kCandidatesMax) return false;
  ++asked_;
  ++candidates_;
  if (primary) ++primary_candidates_;
  return true;
}

bool QuorumTally::add(NodeId node, bool primary, Answer answer) {
  if (spec_.mode == QuorumMode::kStrict && !primary) return false;
  if (answered(node) || answered_count_ == kCandidatesMax) return false;
  answered_[answered_count_++] = node;
  if (answer == Answer::kYes) {
    ++total_;
    if (primary) ++primary_;
    return true;
  }
  if (candidates_ > 0) --candidates_;
  if (primary && primary_candidates_ > 0) --primary_candidates_;
  return true;
}

QuorumState QuorumTally::state() const noexcept {
  if (total_ >= spec_.need && primary_ >= spec_.need_primary) return QuorumState::kReached;
  const std::uint32_t possible = spec_.mode == QuorumMode::kStrict ? primary_candidates_ : candidates_;
  if (possible < spec_.need || primary_candidates_ < spec_.need_primary) return QuorumState::kImpossible;
  return QuorumState::kPending;
}

bool QuorumTally::answered(NodeId node) const noexcept {
  const NodeId* end = answered_ + answered_count_;
  return std::find(std::begin(answered_), end, node) != end;
}

}  // namespace dkv
