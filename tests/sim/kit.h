// Shared by tests of worlds: small scenarios made in code, and a run that records its events.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/runner.h"
#include "sim/world/world.h"
#include "tests/catch.h"

namespace dkv::sim::kit {

// Nodes n1, n2, ... with three copies of each key and r = w = 2. A message takes 1 ms, a sync 1 ms, and a client's
// way to its home node half a millisecond. There is no load.
Scenario cluster_of(std::uint32_t nodes);

// Adds an open load of `clients` sessions.
void load(Scenario& scenario, std::uint32_t clients, std::uint32_t rate_per_s);

Step step(TimeNs at_ns, const std::string& session, StepKind kind, const std::string& key,
          const std::string& value = {});

Fault fault(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> nodes);
Fault between(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> a, std::vector<NodeId> b);

// A run that records its events.
class Play : public Observer {
 public:
  struct Operation {
    TimeNs due_ns = 0, started_ns = 0, finished_ns = 0;
    OperationKind kind = OperationKind::kGet;
    std::uint32_t session = 0;
    NodeId via = kNoNode;
    std::optional<Outcome> outcome;    // not set: the client gave up
    std::optional<std::string> value;  // the only live sibling
  };
  struct Change {
    NodeId node = kNoNode;
    NodeChange what = NodeChange::kStarted;
    TimeNs at_ns = 0;
  };
  struct Seen {
    TimeNs at_ns = 0;
    std::string kind;
    NodeId node = kNoNode;
    NodeId from = kNoNode;
  };

  explicit Play(Scenario scenario, Schedule schedule = {}, std::uint64_t seed = 1, const WorldOptions& options = {})
      : world(std::make_shared<const Scenario>(std::move(scenario)), seed,
              std::make_shared<const Schedule>(std::move(schedule)), options) {}

  // Carries out all events up to and including this time.
  void until(TimeNs at_ns);
  RunResult to_end();

  // The starts and ends of a node, in order: "crashed@1.000 started@2.000".
  std::string life_of(NodeId node) const;
  std::size_t events_at(NodeId node, const std::string& kind, TimeNs from_ns, TimeNs to_ns) const;

  void on_event(const EventView& view) override;
  bool wants_events() const override { return true; }
  void on_fault(const Fault& which, bool begins, TimeNs at_ns) override { faults.emplace_back(&which, begins, at_ns); }
  void on_node(NodeId node, NodeChange what, TimeNs at_ns) override { changes.push_back({node, what, at_ns}); }
  void on_operation(const OperationView& view) override;
  void on_heal(TimeNs at_ns) override { healed_at_ns = at_ns; }
  void on_converged(TimeNs at_ns) override { converged_at_ns = at_ns; }
  void on_violation(const Violation& violation) override { violations.push_back(violation); }

  World world;
  bool keep_events = false;
  std::vector<Seen> events;
  std::map<std::string, std::uint64_t> kinds;
  std::vector<std::tuple<const Fault*, bool, TimeNs>> faults;
  std::vector<Change> changes;
  std::vector<Operation> operations;
  std::vector<Violation> violations;
  TimeNs healed_at_ns = -1;
  TimeNs converged_at_ns = -1;
};

}  // namespace dkv::sim::kit
