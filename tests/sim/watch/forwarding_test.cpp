#include "sim/watch/forwarding.h"

#include <span>
#include <string>

#include "tests/catch.h"

namespace dkv::sim {
namespace {

// Records its calls.
class Notebook final : public Observer {
 public:
  explicit Notebook(bool events) : events_(events) {}
  std::string told;

  void on_event(const EventView&) override { told += "event "; }
  void on_lost(const Flight&, TimeNs) override { told += "lost "; }
  void on_fault_number(std::uint32_t number) override { told += "number" + std::to_string(number) + " "; }
  void on_fault(const Fault&, bool begins, TimeNs) override { told += begins ? "begins " : "ends "; }
  void on_node(NodeId, NodeChange, TimeNs) override { told += "node "; }
  void on_observation(NodeId, const Observation&, TimeNs) override { told += "observation "; }
  void on_operation(const OperationView&) override { told += "operation "; }
  void on_turn(NodeId, std::span<const Effect>, TimeNs) override { told += "turn "; }
  void on_setback(const Setback&) override { told += "setback "; }
  void on_heal(TimeNs) override { told += "heal "; }
  void on_converged(TimeNs) override { told += "converged "; }
  void on_violation(const Violation&) override { told += "violation "; }
  void on_command(const Command&, std::uint64_t, TimeNs) override { told += "command "; }
  bool wants_events() const override { return events_; }

 private:
  bool events_;
};

void tell_everything(Observer& observer) {
  observer.on_event({});
  observer.on_lost({}, 0);
  observer.on_fault_number(7);
  observer.on_fault({}, true, 0);
  observer.on_node(0, NodeChange::kStarted, 0);
  observer.on_turn(0, {}, 0);
  observer.on_observation(0, {}, 0);
  observer.on_operation({});
  observer.on_heal(0);
  observer.on_converged(0);
  observer.on_violation({});
  observer.on_setback({});
  observer.on_command({}, 0, 0);
}

TEST_CASE("everything is forwarded to each observer, and events only to observers that want them") {
  Notebook curious(true), calm(false);
  Forwarding<> both;
  CHECK_FALSE(both.wants_events());
  both.forward_to(calm);
  CHECK_FALSE(both.wants_events());
  both.forward_to(curious);
  CHECK(both.wants_events());
  tell_everything(both);
  const std::string rest = "number7 begins node turn observation operation heal converged violation setback command ";
  CHECK(curious.told == "event lost " + rest);
  CHECK(calm.told == rest);
  both.clear_forwards();
  tell_everything(both);
  CHECK(calm.told == rest);
}

}  // namespace
}  // namespace dkv::sim
