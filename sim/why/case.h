// What all questions of this room share: the recorded run, the causal history of its writes, and the words for both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/oracle/oracle.h"
#include "sim/why/record.h"
#include "sim/world/world.h"

namespace dkv::why {

// The happened-before order of the writes of the followed keys, from the oracle.
class History {
 public:
  History() = default;
  History(const sim::World& world, std::span<const Key> keys);

  // Null: no followed key has this write.
  const sim::Oracle::WriteView* find(WriteTag tag) const noexcept;
  // Whether the writer of `later` had seen `earlier`; false when they are equal.
  bool contains(WriteTag later, WriteTag earlier) const;

 private:
  std::map<WriteTag, sim::Oracle::WriteView> writes_;
};

// A run that was recorded to its end. The world and the record must outlive it.
struct Case {
  const sim::World& world;
  const sim::Scenario& scenario;
  const Record& record;
  History history;

  Case(const sim::World& world, const Record& record);

  std::uint32_t index_of(const Key& key) const noexcept;  // in record.keys; their number when it is not followed
  std::span<const NodeId> primaries(const Key& key) const;
  bool is_primary(const Key& key, NodeId node) const;

  // Faults of the network that stop, hold or disturb messages on this way, and that were on when this event happened. A
  // link of the topology that is down is among them when no route is left and this link is one reason.
  std::vector<const FaultSpan*> link_faults(NodeId from, NodeId to, EventNumber event) const;
  // Links of the topology that were down then and made this way longer.
  std::vector<const FaultSpan*> detours(NodeId from, NodeId to, EventNumber event) const;
  // Faults that hit the node, and that were on when this event happened.
  std::vector<const FaultSpan*> node_faults(NodeId node, EventNumber event) const;
  // Whether the network of the scenario loses messages without a fault.
  bool loses_by_setting() const noexcept;
  // The last change of its process at or before the moment; null: none.
  const NodeStep* last_step(NodeId node, Moment by) const;
  bool is_down(NodeId node, Moment at) const;

  // The node's own copy of a followed key in its process, after this event.
  ObjectPtr state_at(const Key& key, NodeId node, EventNumber event) const;

  std::string name(NodeId node) const;
  std::string who(WriteTag tag) const;                // "alice"
  std::string called(WriteTag tag) const;             // "#12 (alice's put of "eggs")"
  std::string called(const ObjectPtr& object) const;  // "#12 and #14", "nothing"
  std::string nodes(std::span<const NodeId> list) const;
  std::string quorum_of(const Operation& operation) const;  // "w=2 of n=3, sloppy"
};

// Whether people can read the value. The load writes bytes.
bool is_text(const std::string& value) noexcept;
std::string short_name(WriteTag tag);  // "#12"
bool holds(const ObjectPtr& object, WriteTag tag) noexcept;
// The sibling with this tag; null: none.
const Sibling* sibling_of(const ObjectPtr& object, WriteTag tag) noexcept;

// How much a cause explains, the least first. A setting or a fault may be there by chance; a mistake of the store is
// never right.
enum class Gravity : std::uint8_t {
  kSetting,
  kFault,
  kFinding,  // what this kind of finding is about
  kMistake,  // what no fault and no setting excuses
};

// Collects the steps of a chain.
class Steps {
 public:
  explicit Steps(const Case& about) : case_(about) {}

  void add(Moment when, NodeId node, std::string text) { add(kUsual, {when, node, std::move(text), true}); }
  // A link without an event that proves it. text says what is not known.
  void add_unproven(Moment when, NodeId node, std::string text) { add(kUsual, {when, node, std::move(text), false}); }
  // A request of a client, and the finding itself: the first and the last one of their event.
  void add_request(Moment when, NodeId node, std::string text) { add(kRequest, {when, node, std::move(text), true}); }
  void add_finding(Moment when, NodeId node, std::string text) { add(kFinding, {when, node, std::move(text), true}); }
  // The beginning of the fault. The same fault is told once.
  void add_fault(const FaultSpan& fault);
  // What may be the cause of the finding. The gravest one becomes the chain's cause, of equal ones the earliest.
  void because(Gravity gravity, Moment when, std::string cause);
  bool empty() const noexcept { return steps_.empty(); }
  // Moves the steps up to this event into the chain, in the order of their events, each once.
  void finish(Chain& chain, EventNumber upto);

  static constexpr std::size_t kStepsMax = 40;

 private:
  // The order of steps within one event.
  enum Rank : std::uint8_t { kFault, kRequest, kUsual, kFinding };
  void add(Rank rank, Step step) { steps_.push_back({rank, std::move(step)}); }
  struct Ranked {
    Rank rank = kUsual;
    Step step;
  };

  struct Cause {
    Gravity gravity = Gravity::kSetting;
    Moment when;
    std::string text;
  };

  const Case& case_;
  std::vector<Ranked> steps_;
  std::vector<Cause> causes_;
};

}  // namespace dkv::why
