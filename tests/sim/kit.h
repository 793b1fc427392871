// What the tests of worlds share: small scenarios made in code, and a run that remembers what it saw.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/runner.h"
#include "sim/world.h"
#include "tests/catch.h"

namespace dkv::sim::kit {

// n1, n2, ...: three copies of each key, r = w = 2; a message takes 1 ms, a sync 1 ms, a client's way to its own node
// half a millisecond. Nobody asks anything.
inline Scenario cluster_of(std::uint32_t nodes) {
  Scenario scenario;
  scenario.name = "test";
  scenario.run_ns = 4 * kSecond;
  scenario.heal_within_ns = 20 * kSecond;
  for (NodeId id = 0; id < nodes; ++id) {
    Member member;
    member.id = id;
    member.name = "n" + std::to_string(id + 1);
    scenario.cluster.members.push_back(member);
  }
  scenario.cluster.replicas = std::min<std::uint32_t>(nodes, 3);
  scenario.cluster.partitions = 16;
  scenario.cluster.node.heartbeat_every_ns = 100 * kMillisecond;
  scenario.cluster.node.unreachable_after_ns = 350 * kMillisecond;
  scenario.cluster.node.hints_every_ns = 200 * kMillisecond;
  scenario.cluster.node.anti_entropy_every_ns = 500 * kMillisecond;
  scenario.network.latency = Distribution::constant(kMillisecond);
  scenario.disk.sync = Distribution::constant(kMillisecond);
  scenario.workload.keys = 20;
  return scenario;
}

// An open load of `clients` sessions.
inline void load(Scenario& scenario, std::uint32_t clients, std::uint32_t rate_per_s) {
  scenario.workload.clients = clients;
  scenario.workload.shape = LoadShape::kOpen;
  scenario.workload.rate_per_s = rate_per_s;
  scenario.workload.mix = {.get = 40, .put = 30, .blind_put = 10, .update = 15, .remove = 5};
}

inline Step step(TimeNs at_ns, const std::string& session, StepKind kind, const std::string& key,
                 const std::string& value = {}) {
  Step made;
  made.at_ns = at_ns;
  made.session = session;
  made.kind = kind;
  made.key = key;
  made.value = value;
  return made;
}

inline Fault fault(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> nodes) {
  Fault made;
  made.kind = kind;
  made.at_ns = at_ns;
  made.for_ns = for_ns;
  made.groups = {std::move(nodes)};
  return made;
}
inline Fault between(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> a, std::vector<NodeId> b) {
  Fault made = fault(kind, at_ns, for_ns, std::move(a));
  made.groups.push_back(std::move(b));
  return made;
}

// A run that remembers what it saw.
class Play : public Observer {
 public:
  struct Operation {
    TimeNs due_ns = 0, started_ns = 0, finished_ns = 0;
    OperationKind kind = OperationKind::kGet;
    std::uint32_t session = 0;
    NodeId via = kNoNode;
    std::optional<Outcome> outcome;    // unset: the client gave up
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

  // Carries out all events up to and including the time.
  void until(TimeNs at_ns) {
    while (!world.ended() && world.next_at() <= at_ns) world.step(this);
  }
  RunResult to_end() {
    while (world.step(this)) {
    }
    return summarize(world);
  }

  // How often, in order: "crashed@1.000 started@2.000" of one node.
  std::string life_of(NodeId node) const {
    static const char* const kWords[] = {"started", "crashed", "lost power", "wiped", "paused", "resumed"};
    std::string text;
    for (const Change& change : changes) {
      if (change.node != node) continue;
      text += (text.empty() ? "" : ", ") + std::string(kWords[static_cast<std::size_t>(change.what)]) + " " +
              std::to_string(change.at_ns / kMillisecond);
    }
    return text;
  }
  std::size_t events_at(NodeId node, const std::string& kind, TimeNs from_ns, TimeNs to_ns) const {
    std::size_t count = 0;
    for (const Seen& one : events) {
      count += one.node == node && one.kind == kind && one.at_ns >= from_ns && one.at_ns < to_ns ? 1 : 0;
    }
    return count;
  }

  void on_event(const EventView& view) override {
    if (keep_events) events.push_back({view.at_ns, view.kind, view.node, view.from});
    ++kinds[view.kind];
  }
  bool wants_events() const override { return true; }
  void on_fault(const Fault& which, bool begins, TimeNs at_ns) override { faults.emplace_back(&which, begins, at_ns); }
  void on_node(NodeId node, NodeChange what, TimeNs at_ns) override { changes.push_back({node, what, at_ns}); }
  void on_operation(const OperationView& view) override {
    Operation made{view.due_ns, view.started_ns, view.finished_ns, view.kind, view.session, view.via, {}, {}};
    if (view.reply) {
      made.outcome = view.reply->outcome;
      for (const Sibling& sibling : view.reply->object ? view.reply->object->siblings() : std::span<const Sibling>()) {
        if (!sibling.tombstone) made.value = std::string(sibling.value.view());
      }
    }
    operations.push_back(made);
  }
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
