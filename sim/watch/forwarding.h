#pragma once

#include <span>
#include <vector>

#include "sim/watch/observer.h"

namespace dkv::sim {

// An observer that forwards every call to other observers, in the order in which they were added. Base is Observer or
// a class derived from it. A class that overrides a function calls the one of Forwarding as well.
template <class Base = Observer>
class Forwarding : public Base {
 public:
  // The other observer must live until clear_forwards(), or as long as this one.
  void forward_to(Observer& other) { others_.push_back(&other); }
  void clear_forwards() noexcept { others_.clear(); }

  void on_event(const EventView& view) override {
    for (Observer* other : others_) {
      if (other->wants_events()) other->on_event(view);
    }
  }
  void on_lost(const Flight& flight, TimeNs now_ns) override {
    for (Observer* other : others_) {
      if (other->wants_events()) other->on_lost(flight, now_ns);
    }
  }
  void on_fault_number(std::uint32_t number) override { each(&Observer::on_fault_number, number); }
  void on_fault(const Fault& fault, bool begins, TimeNs now_ns) override {
    each(&Observer::on_fault, fault, begins, now_ns);
  }
  void on_node(NodeId node, NodeChange change, TimeNs now_ns) override {
    each(&Observer::on_node, node, change, now_ns);
  }
  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) override {
    each(&Observer::on_turn, node, effects, now_ns);
  }
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override {
    each(&Observer::on_observation, node, observation, now_ns);
  }
  void on_operation(const OperationView& view) override { each(&Observer::on_operation, view); }
  void on_heal(TimeNs now_ns) override { each(&Observer::on_heal, now_ns); }
  void on_converged(TimeNs now_ns) override { each(&Observer::on_converged, now_ns); }
  void on_violation(const Violation& violation) override { each(&Observer::on_violation, violation); }
  void on_setback(const Setback& setback) override { each(&Observer::on_setback, setback); }
  void on_command(const Command& command, std::uint64_t number, TimeNs now_ns) override {
    each(&Observer::on_command, command, number, now_ns);
  }
  bool wants_events() const override {
    for (const Observer* other : others_) {
      if (other->wants_events()) return true;
    }
    return false;
  }

 private:
  template <class Told, class... Arguments>
  void each(Told told, const Arguments&... arguments) {
    for (Observer* other : others_) (other->*told)(arguments...);
  }

  std::vector<Observer*> others_;
};

}  // namespace dkv::sim
