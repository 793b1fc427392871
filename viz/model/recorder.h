#pragma once

#include "sim/watch/forwarding.h"
#include "viz/model/branch.h"
#include "viz/model/event_log.h"
#include "viz/model/records.h"

namespace dkv::viz {

// An observer that turns the reports of a stepping world into records. It belongs to a session, which passes it to
// each step.
class Recorder final : public sim::Forwarding<> {
 public:
  explicit Recorder(KeyTable& keys) : keys_(keys) {}

  // Records into the log everything that the log does not have yet. null: records nothing.
  void write_to(EventLog* log) noexcept;
  // The next notes come after this event, which is the last one in the log. For commands.
  void after(EventNumber event);
  // The records that a branch keeps of all its events. They are extended when an event is played for the first time.
  // Null: dropped.
  struct Findings {
    std::vector<FoundViolation>* violations = nullptr;
    std::vector<OperationPoint>* points = nullptr;
    std::vector<Note>* landmarks = nullptr;
    std::vector<FoundSetback>* setbacks = nullptr;
    std::vector<Note>* takings = nullptr;
    Branch* numbering = nullptr;                 // numbers the writes of each session
    std::uint64_t* setbacks_left_out = nullptr;  // not null when setbacks is not
  };
  static Findings of(Branch& branch);
  void report_to(Findings findings) noexcept;
  // A story that receives the same reports, and knows the causes of setbacks. Null: none.
  void pass_on(story::Story* story);

  // The event that was reported last, even if the log did not record it.
  const EventRecord& last() const noexcept { return last_; }
  EventNumber last_event() const noexcept { return event_; }
  // The numbers of operations, violations and setbacks that were reported since it began.
  std::uint32_t operations_told() const noexcept { return operations_told_; }
  std::uint32_t violations_told() const noexcept { return violations_told_; }
  std::uint32_t setbacks_told() const noexcept { return setbacks_told_; }

  bool wants_events() const override { return true; }
  void on_event(const sim::EventView& view) override;
  void on_fault_number(std::uint32_t number) override;
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;
  void on_setback(const sim::Setback& setback) override;
  void on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) override;
  void on_lost(const sim::Flight& flight, TimeNs now_ns) override;

 private:
  void number_write(const sim::EventView& view);
  void note(NoteKind kind, TimeNs now_ns, NodeId node = kNoNode, std::uint8_t what = 0, NodeId peer = kNoNode,
            std::uint64_t number = 0, const Key* key = nullptr);

  KeyTable& keys_;
  EventLog* log_ = nullptr;
  EventLog::Chunk* chunk_ = nullptr;  // null: the records of this event exist already, or cannot be kept
  Findings findings_;
  const story::Story* story_ = nullptr;
  EventNumber event_ = 0;
  std::uint32_t fault_ = 0;
  EventRecord last_;
  std::uint32_t operations_told_ = 0;
  std::uint32_t violations_told_ = 0;
  std::uint32_t setbacks_told_ = 0;
};

}  // namespace dkv::viz
