#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/quorum.h"
#include "engine/core/types.h"
#include "engine/ports/event.h"
#include "engine/ports/storage.h"
#include "engine/protocol/client.h"

namespace dkv {

// The party that an operation answers: a client of this node, or the node that forwarded its client's request.
struct Origin {
  NodeId node = kNoNode;        // kNoNode: a client of this node
  std::uint64_t reference = 0;  // its ClientToken, or the forwarder's OpId
};

// A put or delete that this node coordinates.
struct WriteOp {
  // The first N targets are the primaries, each at the index of its place. Stand-ins follow.
  struct Target {
    NodeId node = kNoNode;
    NodeId hint_for = kNoNode;  // kNoNode: a primary
    std::uint32_t place = 0;    // of the preference list; a stand-in has the place of its primary
    bool acknowledged = false;
    bool replaced = false;  // a fallback stands in for it
  };
  Origin origin;
  Key key;
  ObjectPtr object;     // the copy for the other replicas
  Context seen;         // the client's context once the write is done
  Era era = 0;          // in which it began
  AppendId append = 0;  // of this node's own copy
  bool return_siblings = false;
  bool replied = false;
  bool stand_ins_later = false;  // at the next deadline, silent primaries get stand-ins
  TimeNs deadline_ns = 0;
  QuorumTally tally;
  boost::container::small_vector<Target, 4> targets;

  // Whether it may still send a copy, or its client waits. Afterwards it only counts acknowledgements.
  bool sends_more() const noexcept { return !replied || stand_ins_later; }
};

// A get that this node coordinates.
struct ReadOp {
  struct Target {
    NodeId node = kNoNode;
    std::uint32_t place = 0;  // of the preference list
    bool primary = true;
    bool answered = false;
    ObjectPtr object;
  };
  Origin origin;
  Key key;
  Era era = 0;  // in which it began
  bool replied = false;
  QuorumTally tally;
  ObjectPtr merged;
  boost::container::small_vector<Target, 4> targets;
};

// A request handed to a primary of its key, which coordinates it. When one refuses it, the next primary gets it.
struct ForwardOp {
  Origin origin;
  ClientRequest request;
  TimeNs deadline_ns = 0;
  TimeNs asked_ns = 0;                              // when the last one was
  boost::container::small_vector<NodeId, 3> tried;  // in order; all but the last one have refused it
};

// A hint on its way to its owner.
struct HintOp {
  NodeId owner = kNoNode;
  Key key;
  ObjectPtr object;  // the state that was sent
};

using Operation = std::variant<std::monostate, WriteOp, ReadOp, ForwardOp, HintOp>;

// Owns every operation in progress and its deadline. An id is never used twice, not even in a later life, so a late
// answer finds nothing.
class Operations {
 public:
  // Ids hold 16 bits of slot, so at most 65,536 operations are in progress.
  explicit Operations(std::uint32_t operations_max);

  // incarnation: part of the ids, so that answers to an earlier life find nothing.
  void start(Incarnation incarnation) noexcept;
  // The serial of an operation. Serials ascend within one life, and each is used once.
  static std::uint64_t serial_of(OpId id) noexcept { return id >> 16; }
  bool full() const noexcept { return in_progress_ >= operations_max_; }
  std::uint32_t in_progress() const noexcept { return in_progress_; }

  // Requires !full(). The reference is valid until the next insert.
  template <typename Op>
  Op& insert(Op&& op, OpId& id) {
    static_assert(!std::is_reference_v<Op>, "the table takes the operation");
    Slot& slot = take_slot(id);
    return slot.operation.template emplace<Op>(std::move(op));
  }
  // Null when there is no such operation in progress, or it is of another kind.
  template <typename Op>
  Op* find(OpId id) noexcept {
    Operation* operation = find_any(id);
    return operation ? std::get_if<Op>(operation) : nullptr;
  }
  // id comes from a peer. It may belong to an earlier life that had more slots.
  Operation* find_any(OpId id) noexcept {
    const std::size_t index = id & kSlotMask;
    return index != 0 && index < slots_.size() && slots_[index].id == id ? &slots_[index].operation : nullptr;
  }
  void erase(OpId id);

  // The era in which the oldest operation that may still send a state began; `none` when there is none.
  Era oldest_era(Era none) const noexcept;

  // The reads in progress that wait for an answer of the node.
  std::vector<OpId> reads_waiting_for(NodeId node) const;

  // An operation has at most one deadline at a time. Deadlines of finished operations are skipped.
  void add_deadline(OpId id, TimeNs at_ns);
  // Takes out a deadline that has come, and returns its operation; kNoOp when none is left.
  OpId next_due(TimeNs now_ns);
  // The next deadline of an operation in progress, or -1.
  TimeNs next_deadline();
  // The number of deadlines, including those of finished operations. Above a small minimum, it is at most a small
  // multiple of the operations in progress.
  std::size_t deadlines_kept() const noexcept { return deadlines_.size(); }

 private:
  static constexpr OpId kSlotMask = 0xffff;
  struct Slot {
    OpId id = kNoOp;
    Operation operation;
  };
  struct Deadline {
    TimeNs at_ns = 0;
    OpId id = kNoOp;
    friend bool operator>(const Deadline& a, const Deadline& b) noexcept {
      return a.at_ns != b.at_ns ? a.at_ns > b.at_ns : a.id > b.id;
    }
  };
  Slot& take_slot(OpId& id);
  void drop_stale();
  void drop_all_stale();

  std::uint32_t operations_max_;
  std::uint32_t in_progress_ = 0;
  OpId serial_ = 0;  // the ids' high 48 bits
  std::vector<Slot> slots_;
  std::vector<std::uint16_t> free_;
  std::vector<Deadline> deadlines_;  // a heap, the earliest first
};

}  // namespace dkv
