// What a debugger asks about this moment. Nothing here changes the run.
#include <algorithm>
#include <tuple>

#include "sim/network/message_traits.h"
#include "sim/world/world.h"

namespace dkv::sim {

// name is empty when the event is no message.
Flight World::flight_of(const Pending& pending) {
  Flight flight{.sent_ns = pending.sent_ns, .cause = pending.cause};
  if (const auto* delivery = std::get_if<Delivery>(&pending.what)) {
    flight.leg = leg_of(delivery->message);
    flight.from = delivery->from;
    flight.to = delivery->to;
    flight.name = message_name(delivery->message);
    flight.message = &delivery->message;
    flight.key = key_of(delivery->message);
  } else if (const auto* request = std::get_if<RequestArrives>(&pending.what)) {
    flight.leg = Leg::kClient;
    flight.to = request->node;
    flight.name = "request";
    flight.request = &request->request;
    flight.token = request->token;
    flight.key = &request->request.key;
  } else if (const auto* reply = std::get_if<ReplyArrives>(&pending.what)) {
    flight.leg = Leg::kClient;
    flight.from = reply->from;
    flight.name = reply->connection_refused ? "connection refused" : "reply";
    flight.reply = reply->connection_refused ? nullptr : &reply->reply;
    flight.token = reply->token;
  }
  return flight;
}

std::vector<Flight> World::flights() const {
  std::vector<Flight> flights;
  const auto add = [&](const Pending& pending, Flight::Where where, std::uint64_t id, TimeNs arrives_ns) -> Flight* {
    Flight flight = flight_of(pending);
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
  queue_.each([&](TimeNs at_ns, std::uint64_t number, const Pending& pending) {
    add(pending, pending.slowed_in != 0 ? Flight::Where::kWaiting : Flight::Where::kUnderWay, number + 1, at_ns);
  });
  for (const Held& held : held_) {
    if (Flight* flight = add(held.pending, Flight::Where::kClogged, 0, -1)) {
      flight->from = held.from;
      flight->to = held.to;
    }
  }
  for (const Slot& slot : slots_) {
    for (const Pending& pending : slot.deferred) add(pending, Flight::Where::kWaiting, 0, -1);
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
  queue_.each([&](TimeNs at_ns, std::uint64_t, const Pending& pending) {
    const auto* due = std::get_if<TimerDue>(&pending.what);
    if (due && slots_[due->node].node && due->incarnation == slots_[due->node].incarnation) {
      timers.push_back({due->node, due->timer.kind, at_ns});
    }
  });
  std::ranges::sort(timers, [](const PendingTimer& a, const PendingTimer& b) {
    return std::tuple(a.at_ns, a.node, a.kind) < std::tuple(b.at_ns, b.node, b.kind);
  });
  return timers;
}

NodeView World::node_view(NodeId node) const {
  const Slot& slot = slots_[node];
  NodeView state{.incarnation = slot.incarnation,
                 .slow = !slot.slow.empty(),
                 .disk_slow = !slot.slow_disk.empty(),
                 .disk_full = slot.full > 0,
                 .disk_stalled = slot.folder.stalled(),
                 .skew_ns = slot.skew_ns,
                 .waiting = static_cast<std::uint32_t>(slot.deferred.size()),
                 .unsynced = slot.disk.pending(),
                 .durable_keys = slot.disk.durable().object_count(),
                 .durable_hints = slot.disk.durable().hint_count()};
  if (!slot.node) {
    state.process = ProcessState::kDown;
  } else {
    state.objects = slot.node->store().key_count();
    state.hints = slot.node->hints().size();
    state.operations = slot.node->operations_in_progress();
    const Node::Phase phase = slot.node->phase();
    state.process = slot.paused > 0                  ? ProcessState::kPaused
                    : phase == Node::Phase::kServing ? ProcessState::kUp
                    : phase == Node::Phase::kFailed  ? ProcessState::kFailed
                                                     : ProcessState::kStarting;
  }
  for (NodeId other = 0; other < slots_.size(); ++other) {
    if (other != node && !(network_.open(node, other) && network_.open(other, node))) ++state.cut_links;
  }
  state.cut_off = slots_.size() > 1 && state.cut_links + 1 == slots_.size();
  return state;
}

std::vector<std::uint32_t> World::faults_on() const {
  std::vector<std::uint32_t> on;
  for (std::uint32_t i = 0; i < fault_on_.size(); ++i) {
    if (fault_on_[i]) on.push_back(i);
  }
  return on;
}

// The constants are what a usual system takes for one of a kind in a table that is half full.
std::uint64_t World::copy_bytes() const {
  std::uint64_t bytes = sizeof(*this) + clients_.copy_bytes() + queue_.slots() * (sizeof(Pending) + 32) + (32u << 10);
  for (const Slot& slot : slots_) {
    bytes += 4096 + slot.disk.durable().copy_bytes() + slot.folder.copy_bytes() + slot.synced.copy_bytes();
    if (slot.node) bytes += 8192 + slot.node->store().key_count() * 100 + slot.node->hints().size() * 160;
    if (const LogStore* log = slot.node ? slot.node->store().log() : nullptr) {
      bytes += log->stats().cache_bytes / 4;
    }
  }
  if (oracle_) bytes += oracle_->copy_bytes();
  return bytes + held_.size() * sizeof(Held);
}

}  // namespace dkv::sim
