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
// Limit of partitions x members. A placement stores a whole preference list for each partition: at most 64 MiB.
inline constexpr std::uint32_t kListEntriesMax = 1u << 24;

// A node as placement sees it.
struct Member {
  NodeId id = kNoNode;
  std::string name;
  std::uint32_t weight = 100;  // relative share of partitions, 1..10000
  std::string host;            // two replicas of a key share no host while there are enough; empty: a host of its own
  std::string rack;            // replicas are spread over racks next; names are local to a data centre; empty: one rack
  std::string datacenter;      // replicas are spread over data centres first; empty: one data centre for all
};

// The arc of the hash ring into which the hash falls, when the ring is cut into `partitions` equal arcs. `partitions`
// is a power of two.
constexpr PartitionId partition_of(std::uint64_t key_hash, std::uint32_t partitions) noexcept {
  return static_cast<PartitionId>(partitions <= 1 ? 0 : key_hash >> (64 - __builtin_ctz(partitions)));
}

// For each partition the N primaries in order, and the stand-ins behind them. Immutable; shared between the nodes of
// a process and the copies of a world.
//
// The algorithm replays the joins of the members in the order of their ids. Each newcomer first takes the replicas
// that spread the copies better. Then it takes its fair share of the others, beginning with the partitions that rank
// it highest above their holder (rendezvous hashing). Members that stay exchange nothing. Tests hold these
// properties:
// - Spread: the copies of each partition lie on as many hosts as the members allow, then as evenly over data centres,
//   then as evenly over racks. Spread goes before balance: with three racks and N = 3, each rack holds every
//   partition.
// - Balance: as far as spread allows, a member's load is at most ceil(share) or 1.05 x its share by weight. With
//   equal weights, 3 to 100 members, 1,024 partitions and N = 3, max / mean is at most 1.05. A member is first in at
//   most ceil(load / N) lists.
// - Join: a member with the highest id takes its fair share, or more if spread demands it. Nothing else moves. The
//   removal of that member is the exact reverse.
// - Removal of any other member: its replicas move, and more of them the smaller the shares are. The mean over all
//   members is 1.0 times its replicas at 600 partitions a member, 1.3 times at 150, 2.4 times at 75, and 17 times at
//   30. Keep more than 100 partitions a member.
// Cost: 0.1 ms for 5 members and 256 partitions; 10 ms for 100 members and 1,024 partitions.
class Placement {
 public:
  // A pure function of the set of members and the two numbers; the order of the members does not matter. Fails when
  // there is no member, an id or a name occurs twice, a weight or a number is out of range, or a host lies in two
  // racks. With fewer members than replicas, every member holds every partition.
  static Result<std::shared_ptr<const Placement>> make(std::span<const Member> members, std::uint32_t partitions,
                                                       std::uint32_t replicas);

  std::uint32_t partitions() const noexcept { return partitions_; }
  // min(replicas asked for, number of members).
  std::uint32_t replicas() const noexcept { return replicas_; }
  std::span<const Member> members() const noexcept { return members_; }  // ascending by id
  PartitionId partition(std::uint64_t key_hash) const noexcept { return partition_of(key_hash, partitions_); }

  // The whole preference list: first the replicas() primaries, then all other members in the order in which they
  // stand in. Members come earlier when fewer members before them share their host, data centre or rack; the
  // rendezvous score breaks ties.
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
