#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/placement.h"
#include "sim/watch/observer.h"

namespace dkv::sim {

// The reason for which a node that was counted for a get did not have the write.
enum class Absence : std::uint8_t {
  kNotKnown,      // no event of the record shows it
  kLost,          // the network lost the copy
  kOnItsWay,      // the copy had been sent and had not arrived
  kHeldBack,      // the copy had arrived at a process that stood still or was slow
  kDown,          // the copy arrived where no process was
  kTooLate,       // the node dropped the copy: it was meant for another life, or too old
  kUnreachable,   // the coordinator sent it no copy, because it considered the node unreachable
  kNotSent,       // the coordinator sent it no copy
  kNotStored,     // the copy had arrived, and the state in the process did not have it yet
  kProcessEnded,  // it had the copy, and no longer after its process had ended
  kDiskGone,      // it had the copy, and no longer after its disk was lost or replaced
  kDamaged,       // it had the copy, and found it damaged
  kPrefers,       // it had the copy, or got it, and last-write-wins keeps another version
  kStandIn,       // the node is no primary of the key, and answers with its hints only
  kShown,         // its answer has the write
};

// A node whose answer counted for a get.
struct Answered {
  NodeId node = kNoNode;
  bool own = false;  // it coordinates the get, and asked itself
  Absence why = Absence::kNotKnown;
  TimeNs at_ns = -1;               // of the event that shows it
  std::optional<FaultKind> fault;  // kLost: the fault that certainly took it
};

struct StaleCause {
  bool known = false;  // false: the record does not have the get
  NodeId coordinator = kNoNode;
  NodeId writer = kNoNode;         // the node that coordinated the missed write; kNoNode: not in the record
  std::vector<Answered> answered;  // in the order of their answers, the coordinator's own first
};

// Remembers which nodes answered each get, and what became of the copies of the latest writes. So a stale read can be
// explained from what happened, while the run goes on. Everything it keeps is bounded. Copyable.
// It must see the run from its beginning, with events, and its functions come before those of its user.
class Witness final : public Observer {
 public:
  static constexpr std::size_t kWritesMax = 1024;  // older ones are forgotten, and their stale reads are not explained
  static constexpr std::size_t kGetsMax = 1024;

  explicit Witness(const Scenario& scenario);

  // Valid during on_setback(), for a stale read.
  StaleCause cause_of(const Setback& stale) const;

  bool wants_events() const override { return true; }
  void on_event(const EventView& view) override;
  void on_fault_number(std::uint32_t number) override { fault_number_ = number; }
  void on_fault(const Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, NodeChange change, TimeNs now_ns) override;
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_lost(const Flight& flight, TimeNs now_ns) override;

 private:
  struct Moment {
    std::uint64_t event = 0;  // 0: it has not happened
    TimeNs at_ns = -1;
    bool by(std::uint64_t upto) const noexcept { return event != 0 && event <= upto; }
  };
  // One write at one node.
  struct Copy {
    NodeId node = kNoNode;
    Moment sent, lost, held, nobody, arrived, late;
    Moment stored;   // in the process
    Moment dropped;  // the state in the process no longer has it
    std::optional<FaultKind> fault;
  };
  struct Written {
    NodeId coordinator = kNoNode;
    Moment begun;
    Key key;
    std::vector<NodeId> unreachable;  // as its coordinator saw them
    std::vector<Copy> copies;
  };
  struct Reply {
    NodeId node = kNoNode;
    Moment given;  // by the node
    ObjectPtr object;
  };
  using OpName = std::pair<NodeId, OpId>;
  struct Get {
    NodeId coordinator = kNoNode;
    Moment begun;
    std::map<NodeId, Moment> given;  // answers that have been sent
    std::vector<Reply> replies;      // that have arrived
    std::vector<OpName> ops;
    std::uint32_t counted = 0;  // answers that the coordinator counted
  };
  struct Ended {  // the last event of this kind at a node
    Moment process, disk;
  };

  Moment now() const noexcept { return {event_, now_ns_}; }
  bool is_primary(const Key& key, NodeId node) const;
  Written* written(WriteTag tag);
  Copy& copy_at(Written& written, NodeId node);
  void sent(NodeId from, const Send& send);
  void stored(NodeId node, const Record& record);
  void message_arrives(const EventView& view);
  void begin_get(std::uint64_t token, NodeId coordinator);
  void close(std::uint64_t token, const ClientReply& reply);
  Answered explain(const Written* written, const Setback& stale, NodeId node, std::uint64_t upto,
                   const ObjectPtr& object) const;
  std::optional<FaultKind> fault_on(NodeId from, NodeId to) const;

  const Scenario* scenario_;
  std::shared_ptr<const Placement> placement_;
  std::uint64_t event_ = 0;
  TimeNs now_ns_ = 0;
  std::uint32_t fault_number_ = 0;
  std::map<std::uint32_t, Fault> network_faults_;  // that are on, by number
  std::map<WriteTag, Written> writes_;
  std::map<Key, std::vector<WriteTag>> by_key_;
  std::uint64_t token_ = 0;                 // of the get that is handled in this event; 0: none
  std::map<OpName, std::uint64_t> ops_;     // tokens, by the names that forwarders and coordinators gave
  std::map<std::uint64_t, Get> gets_;       // by token
  std::deque<std::uint64_t> gets_begun_;    // tokens, by age
  std::map<std::uint32_t, Get> answered_;   // the last one of each session that waits for its answer
  std::optional<std::uint32_t> delivered_;  // the session that has its answer in this event
  std::vector<std::uint8_t> unreachable_;   // [node * nodes + peer]
  std::vector<Ended> ended_;
  std::map<std::pair<NodeId, Key>, Moment> damaged_;
};

}  // namespace dkv::sim
