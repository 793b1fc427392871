#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/placement.h"
#include "engine/ports/outbox.h"
#include "sim/verdict/result.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// I7: watches a converged cluster without load. Its nodes may send heartbeats, compare roots, count eras, reap
// tombstones and entries of clocks, and let values expire. Any other activity is useless work, and a violation.
class Quiet final : public Observer {
 public:
  explicit Quiet(std::shared_ptr<const Placement> placement) : placement_(std::move(placement)) {}

  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) override;
  // Reports activity at a node that should be idle.
  // object: a state of the key that it is about; null: none. other: the node that it sends something to, or reports.
  void disturbed(NodeId node, const Key& key, std::string detail, TimeNs at_ns, const ObjectPtr& object = {},
                 NodeId other = kNoNode);

  // Whether the node has sent a key whose clock was just shortened: it may have read the key's values for that.
  bool may_read(NodeId node) const { return readers_.contains(node); }

  // The first kKept violations.
  static constexpr std::size_t kKept = 10;
  const std::vector<Violation>& violations() const noexcept { return violations_; }

 private:
  void on_message(NodeId node, const Send& send, TimeNs at_ns);
  void on_observation(NodeId node, const Observation& observation, TimeNs at_ns);
  // Replicas forget a tombstone, or shorten a clock, one after the other. Until the last one has, they differ in the
  // key and may compare it.
  bool differs_by_reaping(PartitionId partition) const;
  std::string name(NodeId node) const;

  std::shared_ptr<const Placement> placement_;
  std::set<Key> reaped_;
  std::set<Key> collapsed_;
  std::set<NodeId> readers_;
  std::vector<Violation> violations_;
};

}  // namespace dkv::sim
