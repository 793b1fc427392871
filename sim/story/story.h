#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/story/reach.h"
#include "sim/story/traffic.h"
#include "sim/story/words.h"
#include "sim/watch/witness.h"
#include "sim/world/world.h"

namespace dkv::story {

// Tells a run while it happens, in lines ordered by time. Frequent events are summed up. After the first dozens of
// each kind the rest is only counted, so that a long run gives a short story. Copyable; a copy continues in the same
// way. It must watch the run from its first event on.
class Story final : public sim::Observer {
 public:
  // scenario must outlive the story.
  explicit Story(const sim::Scenario& scenario);
  // Defined in the .cpp: slow to compile.
  Story(const Story&);
  Story(Story&&) noexcept;
  Story& operator=(const Story&);
  Story& operator=(Story&&) noexcept;
  ~Story();

  // Call it after each event, including the last one.
  void after_step(const sim::World& world);
  void finish(const sim::World& world);
  // Takes the lines since the last call.
  std::vector<Row> take_rows() { return std::exchange(rows_, {}); }
  bool has_rows() const noexcept { return !rows_.empty(); }

  // A setback in words, with its cause. Valid before and during on_setback(), for that setback.
  std::string words_of_setback(const sim::Setback& setback) const;

  bool wants_events() const override { return true; }
  void on_event(const sim::EventView& view) override;
  void on_fault_number(std::uint32_t number) override { witness_.on_fault_number(number); }
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override {
    witness_.on_turn(node, effects, now_ns);
  }
  void on_lost(const sim::Flight& flight, TimeNs now_ns) override { witness_.on_lost(flight, now_ns); }
  void on_setback(const sim::Setback& setback) override;  // findings.cpp
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;
  void on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) override;

 private:
  // How many more lines of a kind are told; the rest is counted.
  struct Budget {
    std::uint64_t left;
    std::uint64_t hidden = 0;
    bool spend() { return left > 0 ? (--left, true) : (++hidden, false); }
  };

  void tell(Row row);
  void print(const Row& row) { rows_.push_back(row); }
  void close_gathering();
  void tell_returned();
  void close_phase(TimeNs now_ns, bool however_short);
  void hint_observed(NodeId node, const Observation& observation, TimeNs now_ns);
  void disk_observed(NodeId node, const Observation& observation, TimeNs now_ns);  // disk.cpp
  bool told_respawn(NodeId node, TimeNs now_ns);
  void repair_observed(NodeId node, const Observation& observation, TimeNs now_ns);
  void reaped(NodeId node, const Key& key, TimeNs now_ns);
  std::string_view nothing_words(const Key& key) const;  // what an answer without versions means
  std::string name(NodeId node) const;

  const sim::Scenario* scenario_;
  std::vector<Row> rows_;
  Why why_;
  Reach reach_;
  Traffic traffic_;
  std::vector<Row> waiting_;  // come after a gathering, which is told at the time of its beginning
  std::map<NodeId, TimeNs> down_since_;
  std::vector<NodeId> returned_;  // nodes that returned at returned_ns_
  TimeNs returned_ns_ = 0;
  struct LastRead {
    std::string who, key;
    NodeId via = kNoNode;
  };
  LastRead last_read_;
  sim::Witness witness_;
  std::set<std::uint64_t> written_, forgotten_;  // hashes of keys that somebody asked to write, or that were reaped
  std::uint64_t hints_expired_ = 0;
  std::size_t failed_steps_seen_ = 0;
  Budget faults_{40}, peers_{24}, steps_{300}, setbacks_{24}, violations_{10}, disks_{24};
  Budget hints_told_, repairs_told_;    // with a line of their own
  std::map<NodeId, TimeNs> failed_at_;  // nodes that stopped because their disk failed
  bool converged_ = false;
};

}  // namespace dkv::story
