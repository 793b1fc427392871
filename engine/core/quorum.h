#pragma once

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

// How many answers an operation needs: `need` from distinct nodes, `need_primary` of them from the key's primaries.
struct QuorumSpec {
  std::uint32_t replicas = 3;  // N
  std::uint32_t need = 2;      // R or W
  std::uint32_t need_primary = 0;
  QuorumMode mode = QuorumMode::kSloppy;

  // 1 <= need <= replicas <= kReplicasMax, need_primary <= replicas.
  Result<void> check() const;
};

enum class QuorumState : std::uint8_t { kPending, kReached, kImpossible };

// Counts the answers of distinct nodes. It is a pure value, as Riak's put core is. Only the first answer of a node
// counts.
class QuorumTally {
 public:
  // A counted answer.
  enum class Answer : std::uint8_t {
    kYes,
    kNo,  // the node cannot serve the operation; this never turns into a yes
  };
  // The most nodes that one operation ever asks: N primaries and as many fallbacks.
  static constexpr std::uint32_t kCandidatesMax = 2 * kReplicasMax;

  // candidates: the number of nodes that have been asked; primary_candidates of them are primaries.
  QuorumTally(const QuorumSpec& spec, std::uint32_t candidates, std::uint32_t primary_candidates);

  // Adds a fallback that is about to be asked. False when kCandidatesMax nodes have been asked: ask no other.
  bool add_candidate(bool primary);
  // True when the answer counted: it was the node's first and, in strict mode, a primary's.
  bool add(NodeId node, bool primary, Answer answer);

  // kReached is final. kImpossible turns back into kPending when a new candidate makes the quorum possible.
  QuorumState state() const noexcept;
  std::uint32_t total() const noexcept { return total_; }
  std::uint32_t primary() const noexcept { return primary_; }
  std::uint32_t fallback() const noexcept { return total_ - primary_; }
  const QuorumSpec& spec() const noexcept { return spec_; }
  bool answered(NodeId node) const noexcept;

 private:
  QuorumSpec spec_;
  std::uint32_t candidates_ = 0;          // nodes that were asked and have not answered no
  std::uint32_t primary_candidates_ = 0;  // of them primaries
  std::uint32_t total_ = 0;
  std::uint32_t primary_ = 0;
  std::uint32_t asked_ = 0;
  std::uint32_t answered_count_ = 0;
  NodeId answered_[kCandidatesMax] = {};
};

}  // namespace dkv
