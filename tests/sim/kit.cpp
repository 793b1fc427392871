#include "tests/sim/kit.h"

#include <algorithm>

namespace dkv::sim::kit {

Scenario cluster_of(std::uint32_t nodes) {
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

void load(Scenario& scenario, std::uint32_t clients, std::uint32_t rate_per_s) {
  scenario.workload.clients = clients;
  scenario.workload.shape = LoadShape::kOpen;
  scenario.workload.rate_per_s = rate_per_s;
  scenario.workload.mix = {.get = 40, .put = 30, .blind_put = 10, .update = 15, .remove = 5};
}

Step step(TimeNs at_ns, const std::string& session, StepKind kind, const std::string& key, const std::string& value) {
  Step made;
  made.at_ns = at_ns;
  made.session = session;
  made.kind = kind;
  made.key = key;
  made.value = value;
  return made;
}

Fault fault(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> nodes) {
  Fault made;
  made.kind = kind;
  made.at_ns = at_ns;
  made.for_ns = for_ns;
  made.groups = {std::move(nodes)};
  return made;
}

Fault between(FaultKind kind, TimeNs at_ns, TimeNs for_ns, std::vector<NodeId> a, std::vector<NodeId> b) {
  Fault made = fault(kind, at_ns, for_ns, std::move(a));
  made.groups.push_back(std::move(b));
  return made;
}

void Play::until(TimeNs at_ns) {
  while (!world.ended() && world.next_at() <= at_ns) world.step(this);
}

RunResult Play::to_end() {
  while (world.step(this)) {
  }
  return summarize(world);
}

std::string Play::life_of(NodeId node) const {
  static const char* const kWords[] = {"started", "crashed", "lost power", "wiped", "paused", "resumed"};
  std::string text;
  for (const Change& change : changes) {
    if (change.node != node) continue;
    text += (text.empty() ? "" : ", ") + std::string(kWords[static_cast<std::size_t>(change.what)]) + " " +
            std::to_string(change.at_ns / kMillisecond);
  }
  return text;
}

std::size_t Play::events_at(NodeId node, const std::string& kind, TimeNs from_ns, TimeNs to_ns) const {
  std::size_t count = 0;
  for (const Seen& one : events) {
    count += one.node == node && one.kind == kind && one.at_ns >= from_ns && one.at_ns < to_ns ? 1 : 0;
  }
  return count;
}

void Play::on_event(const EventView& view) {
  if (keep_events) events.push_back({view.at_ns, event_word(view.kind), view.node, view.from});
  ++kinds[event_word(view.kind)];
}

void Play::on_operation(const OperationView& view) {
  Operation made{view.due_ns, view.started_ns, view.finished_ns, view.kind, view.session, view.via, {}, {}};
  if (view.reply) {
    made.outcome = view.reply->outcome;
    for (const Sibling& sibling : view.reply->object ? view.reply->object->siblings() : std::span<const Sibling>()) {
      if (!sibling.tombstone) made.value = std::string(sibling.value.view());
    }
  }
  operations.push_back(made);
}

}  // namespace dkv::sim::kit
