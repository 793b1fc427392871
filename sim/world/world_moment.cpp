// A debugger's questions about this moment. None of them changes the run.
#include <algorithm>
#include <tuple>

#include "sim/network/message_traits.h"
#include "sim/world/world.h"

namespace dkv::sim {

std::vector<Flight> World::flights() const {
  std::vector<Flight> flights;
  const auto add = [&](const Scheduled& event, Flight::Where where, std::uint64_t id, TimeNs arrives_ns) -> Flight* {
    Flight flight = flight_of(event);
    if (flight.name[0] == '\0') return nullptr;
    if (flight.leg == Leg::kClient) {
      (flight.request ? flight.from : flight.to) = clients_.home(flight.token);
    }
    flight.where = where;
    flight.id = id;
    flight.arrives_ns = arrives_ns;
    flights.push_back(flight);
    return &flights.back();
  };
  queue_.each([&](TimeNs at_ns, std::uint64_t number, const Scheduled& event) {
    add(event, event.slowed_in != 0 ? Flight::Where::kWaiting : Flight::Where::kUnderWay, number + 1, at_ns);
  });
  for (const Undelivered& held : held_) {
    if (Flight* flight = add(held.event, Flight::Where::kClogged, 0, -1)) {
      flight->from = held.from;
      flight->to = held.to;
    }
  }
  for (const Machine& machine : machines_) {
    for (const Scheduled& event : machine.deferred) add(event, Flight::Where::kWaiting, 0, -1);
  }
  std::ranges::sort(flights, [](const Flight& a, const Flight& b) {
    const auto when = [](const Flight& flight) {
      return std::tuple(flight.arrives_ns < 0, flight.arrives_ns, flight.id, flight.sent_ns, flight.from, flight.to);
    };
    return when(a) < when(b);
  });
  return flights;
}

std::vector<PendingTimer> World::timers() const {
  std::vector<PendingTimer> timers;
  queue_.each([&](TimeNs at_ns, std::uint64_t, const Scheduled& event) {
    const auto* due = std::get_if<TimerDue>(&event.what);
    if (due && machines_[due->node].node && due->incarnation == machines_[due->node].incarnation) {
      timers.push_back({due->node, due->timer.kind, at_ns});
    }
  });
  std::ranges::sort(timers, [](const PendingTimer& a, const PendingTimer& b) {
    return std::tuple(a.at_ns, a.node, a.kind) < std::tuple(b.at_ns, b.node, b.kind);
  });
  return timers;
}

NodeView World::node_view(NodeId node) const {
  const Machine& machine = machines_[node];
  NodeView state{.incarnation = machine.incarnation,
                 .slow = !machine.slow.empty(),
                 .disk_slow = !machine.slow_disk.empty(),
                 .disk_full = machine.full > 0,
                 .disk_stalled = machine.folder.stalled(),
                 .skew_ns = machine.skew_ns,
                 .waiting = static_cast<std::uint32_t>(machine.deferred.size()),
                 .unsynced = machine.records.pending(),
                 .durable_keys = machine.records.durable().object_count(),
                 .durable_hints = machine.records.durable().hint_count()};
  if (!machine.node) {
    state.process = ProcessState::kDown;
  } else {
    state.objects = machine.node->store().key_count();
    state.hints = machine.node->hints().size();
    state.operations = machine.node->operations_in_progress();
    const Node::Phase phase = machine.node->phase();
    state.process = machine.paused > 0               ? ProcessState::kPaused
                    : phase == Node::Phase::kServing ? ProcessState::kUp
                    : phase == Node::Phase::kFailed  ? ProcessState::kFailed
                                                     : ProcessState::kStarting;
  }
  for (NodeId other = 0; other < machines_.size(); ++other) {
    if (other != node && !(network_.open(node, other) && network_.open(other, node))) ++state.cut_links;
  }
  state.cut_off = machines_.size() > 1 && state.cut_links + 1 == machines_.size();
  return state;
}

// The constants are the usual sizes of one entry in a table that is half full.
std::uint64_t World::copy_bytes() const {
  std::uint64_t bytes = sizeof(*this) + clients_.copy_bytes() + queue_.slots() * (sizeof(Scheduled) + 32) + (32u << 10);
  for (const Machine& machine : machines_) {
    bytes += 4096 + machine.records.durable().copy_bytes() + machine.folder.copy_bytes() + machine.synced.copy_bytes();
    if (machine.node) bytes += 8192 + machine.node->store().key_count() * 100 + machine.node->hints().size() * 160;
    if (machine.node) bytes += machine.node->store().stats().cache_bytes / 4;
  }
  bytes += oracle_.copy_bytes();
  return bytes + held_.size() * sizeof(Undelivered);
}

}  // namespace dkv::sim
