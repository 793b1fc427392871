#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/assert.h"
#include "engine/core/result.h"
#include "engine/core/types.h"

namespace dkv {

inline constexpr std::uint32_t kPartitionsDefault = 256;
inline constexpr std::uint32_t kPartitionsMax = 65536;
inline constexpr std::uint32_t kMembersMax = 1024;
inline constexpr std::uint32_t kWeightMax = 10000;
// partitions x members may not exceed this: a placement stores a whole preference list for each partition, 64 MiB.
inline constexpr std::uint32_t kListEntriesMax = 1u << 24;

// A node as placement sees it.
struct Member {
  NodeId id = kNoNode;
  std::string name;
  std::uint32_t weight = 100;  // relative share of partitions, 1..10000
  std::string host;            // two replicas of a key never share a host while hosts suffice; empty: a host of its own
  std::string rack;            // spread next; its name counts within its data centre; empty: one rack for all
  std::string datacenter;      // spread first; empty: one data centre for all
};

// Which of `partitions` (a power of two) equal arcs of the hash ring the hash falls into.
constexpr PartitionId partition_of(std::uint64_t key_hash, std::uint32_t partitions) noexcept {
  return static_cast<PartitionId>(partitions <= 1 ? 0 : key_hash >> (64 - __builtin_ctz(partitions)));
}

// Who holds what: for each partition the ordered N primaries, and the walk of fallbacks behind them.
// Immutable; shared between the nodes of a process and the copies of a world.
//
// How: the members are replayed in the order of their ids, as if they had joined one by one. Each newcomer first takes
// what spreads copies better, then its fair share of what it may take, those partitions first that rank it highest over
// their holder (rendezvous hashing); members that stay exchange nothing. What holds, and is tested:
// - Spread: the copies of each partition lie on as many hosts as the members allow, then as evenly over data centres,
//   then as evenly over racks. Spread goes before balance: with three racks and N = 3 each rack holds every partition.
// - Balance: as far as spread allows, a member's load is at most ceil(share) or 1.05 x its share by weight (of
//   equal weights, 3 to 100 members, 1,024 partitions, N = 3: max / mean <= 1.05). A member stands first in at most
//   ceil(load / N) lists.
// - A join (of an id above all others) moves exactly the replicas that the newcomer takes, at most its fair share or
//   what spread demands: nothing moves between members that stay. The removal of the latest member is the reverse.
// - The removal of another one moves what it held, and more as shares get small: the mean over all members is 1.0
//   times what it held at 600 partitions a member, 1.3 times at 150, 2.4 times at 75, 17 times at 30. Keep more than
//   100 partitions a member.
// Cost: 5 members, 256 partitions 0.1 ms; 100 members, 1,024 partitions 10 ms.
class Placement {
 public:
  // A pure function of the members (as a set: their order does not matter) and the two numbers.
  // Fails when members is empty, an id or name stands twice, a weight or number is out of range, a host stands in two
  // racks. With fewer members than replicas every member holds every partition.
  static Result<std::shared_ptr<const Placement>> make(std::span<const Member> members, std::uint32_t partitions,
                                                       std::uint32_t replicas);

  std::uint32_t partitions() const noexcept { return partitions_; }
  // min(replicas asked for, number of members).
  std::uint32_t replicas() const noexcept { return replicas_; }
  std::span<const Member> members() const noexcept { return members_; }  // ascending by id
  PartitionId partition(std::uint64_t key_hash) const noexcept { return partition_of(key_hash, partitions_); }

  // The whole preference list: replicas() primaries first, then every other member in the order in which it stands in:
  // those first whose host, data centre and rack appear least before them, then by rendezvous score.
  std::span<const NodeId> preference_list(PartitionId partition) const noexcept;
  std::span<const NodeId> primaries(PartitionId partition) const noexcept {
    return preference_list(partition).first(replicas_);
  }
  bool is_primary(PartitionId partition, NodeId node) const noexcept;
  // The partitions of which the node is a primary, ascending.
  std::span<const PartitionId> partitions_of(NodeId node) const noexcept;

 private:
  Placement() = default;
  std::uint32_t partitions_ = 0;
  std::uint32_t replicas_ = 0;
  std::vector<Member> members_;
  std::vector<NodeId> lists_;                       // partitions x members
  std::vector<std::vector<PartitionId>> holdings_;  // by index in members_
};

}  // namespace dkv
