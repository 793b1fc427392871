#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/why/record.h"
#include "sim/world/world.h"

namespace dkv::why {

// The parts of a run that a recorder keeps.
struct Follow {
  std::vector<Key> keys;             // everything about these
  bool failed = false;               // operations that were not done
  TimeNs gets_slower_ns = -1;        // gets that took longer; -1: none
  TimeNs puts_slower_ns = -1;        // puts that took longer
  std::uint32_t siblings_most = 0;   // gets that showed more live siblings; 0: none
  std::optional<Observed> observed;  // observations of this kind, of all keys
};

// Plays a run again and keeps a record of it. Everything it keeps is bounded: beyond a limit it only counts.
class Recorder final : public sim::Observer {
 public:
  // The world must be at its beginning, and must outlive the recorder.
  Recorder(sim::World& world, Follow follow);
  // Plays one event. False when the run has ended.
  bool step();
  // The record of the run so far. The recorder is of no use afterwards.
  Record take();

  bool wants_events() const override { return true; }
  void on_event(const sim::EventView& view) override;
  void on_fault_number(std::uint32_t number) override { fault_number_ = number; }
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs) override { record_.heal = now(); }
  void on_violation(const sim::Violation& violation) override;
  void on_lost(const sim::Flight& flight, TimeNs now_ns) override;

 private:
  using Serial = std::uint64_t;
  struct Slot {  // of one state of one followed key
    std::uint32_t key = 0;
    NodeId node = kNoNode;
    NodeId owner = kNoNode;
    ObjectPtr process, disk;
  };

  Moment now() const noexcept { return now_; }
  std::uint32_t index_of(const Key& key) const noexcept;
  void begin_operation(const sim::EventView& view);
  Operation& open_operation(std::uint64_t token, const ClientRequest& request);
  void message_arrives(const sim::EventView& view);
  void sent(NodeId from, const Send& send);
  void lost(NodeId from, NodeId to, const Message& message);
  // The operation that this op of this coordinator belongs to; null: none is kept.
  Operation* operation_of(NodeId coordinator, OpId op);
  // Its contact with the node; the last one when there are several. Null: none.
  Contact* contact_of(NodeId coordinator, OpId op, NodeId node);
  void ask(NodeId coordinator, OpId op, NodeId node, NodeId stands_in_for);
  // The last such message on this way that has not arrived. op kNoOp: any. Null: none.
  Transfer* transfer_of(NodeId from, NodeId to, const ReplicaPut& put);
  Transfer* answered_transfer(NodeId sender, OpId op);
  Operation* open_of(std::uint64_t token);
  bool keep(const Operation& operation, const sim::OperationView& view) const;
  void drop(Serial serial);
  void look_at(NodeId node);
  void look_at_all();
  void look(Slot& slot);
  void changed(const Slot& slot, bool on_disk, const ObjectPtr& before, const ObjectPtr& after);

  sim::World& world_;
  Follow follow_;
  Record record_;
  Moment now_;
  Origin origin_;
  NodeId at_node_ = kNoNode;
  std::uint32_t fault_number_ = 0;
  std::map<std::uint32_t, std::size_t> fault_spans_;  // by fault number: the last span in the record
  std::vector<Slot> slots_;                           // ascending by node
  std::map<Serial, Operation> operations_;
  std::map<std::uint32_t, Serial> open_;                        // by session
  std::map<std::pair<NodeId, OpId>, Serial> by_op_;             // coordinators and forwarders
  std::map<Serial, std::vector<std::pair<NodeId, OpId>>> ops_;  // the same, reversed
  Serial next_serial_ = 0;
  Serial being_coordinated_ = 0;  // the operation whose request is handled in this event; 0: none
  std::vector<std::uint8_t> serving_;
  std::vector<std::uint8_t> heard_;  // [node * nodes + peer]: in this life of the node
  std::size_t stale_seen_ = 0;
  std::uint64_t kept_ = 0;
};

}  // namespace dkv::why
