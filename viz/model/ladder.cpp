#include "viz/model/ladder.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace dkv::viz {
namespace {

class Builder {
 public:
  Builder(const Branch& branch, const sim::World& world, bool heartbeats, std::size_t most)
      : branch_(branch), world_(world), heartbeats_(heartbeats), most_(most) {
    out_.rows = ladder_rows(world);
  }

  std::uint32_t row_of_client(std::uint64_t token) const {
    const auto session = static_cast<std::uint32_t>(token >> 32);
    for (std::uint32_t row = world_.node_count(); row < out_.rows.size(); ++row) {
      if (out_.rows[row].kind == LadderRow::Kind::kSession && out_.rows[row].session == session) return row;
    }
    return static_cast<std::uint32_t>(out_.rows.size() - 1);
  }

  bool full() {
    if (out_.messages.size() + out_.ticks.size() < most_) return false;
    out_.complete = false;
    return true;
  }

  void add(const EventRecord& record, EventNumber event) {
    if (full()) return;
    if (!is_message(record.kind)) {
      if (record.node == kNobody || (record.kind == EventKind::kTimer && !heartbeats_)) return;
      out_.ticks.push_back({.row = record.node, .at_ns = record.at_ns, .event = event, .kind = record.kind});
      return;
    }
    if (record.leg == sim::Leg::kHeartbeat && !heartbeats_) return;
    LadderMessage message{.from_row = record.from,
                          .to_row = record.node,
                          .from_ns = record.sent_ns,
                          .to_ns = record.at_ns,
                          .event = event,
                          .cause = record.cause,
                          .kind = record.kind,
                          .message = record.message,
                          .leg = record.leg,
                          .key = record.key};
    if (record.kind == EventKind::kRequest) {
      message.from_row = row_of_client(record.detail);
    } else if (record.kind != EventKind::kMessage) {
      message.to_row = row_of_client(record.detail);
    }
    if (record.taken == sim::EventView::Taken::kNobody) message.end = LadderMessage::End::kNobodyThere;
    if (record.taken == sim::EventView::Taken::kLater) message.end = LadderMessage::End::kLater;
    out_.messages.push_back(message);
  }

  void add_lost(const Note& note) {
    const auto leg = static_cast<sim::Leg>(note.what);
    const bool places = note.node != kNobody && note.peer != kNobody;
    if (!places || (leg == sim::Leg::kHeartbeat && !heartbeats_) || full()) return;
    out_.messages.push_back({.from_row = note.node,
                             .to_row = note.peer,
                             .from_ns = note.at_ns,
                             .to_ns = note.at_ns,
                             .cause = note.number,
                             .leg = leg,
                             .key = note.key,
                             .end = LadderMessage::End::kDropped});
  }

  void add_flying(KeyTable& keys, TimeNs from_ns, TimeNs to_ns) {
    for (const sim::Flight& flight : world_.flights()) {
      if (flight.sent_ns > to_ns || (flight.arrives_ns >= 0 && flight.arrives_ns < from_ns)) continue;
      if (flight.leg == sim::Leg::kHeartbeat && !heartbeats_) continue;
      if (full()) return;
      LadderMessage message{.from_row = flight.from,
                            .to_row = flight.to,
                            .from_ns = flight.sent_ns,
                            .to_ns = flight.arrives_ns,
                            .cause = flight.cause,
                            .kind = flight.request   ? EventKind::kRequest
                                    : flight.message ? EventKind::kMessage
                                    : flight.reply   ? EventKind::kReply
                                                     : EventKind::kConnectionRefused,
                            .leg = flight.leg,
                            .key = flight.key ? keys.number(*flight.key) : kNoKey,
                            .end = LadderMessage::End::kFlying};
      if (flight.message) message.message = static_cast<std::uint8_t>(flight.message->index());
      if (flight.request) message.from_row = row_of_client(flight.token);
      if (!flight.request && !flight.message) message.to_row = row_of_client(flight.token);
      out_.messages.push_back(message);
    }
  }

  // From the notes of all that was played.
  void add_shades(TimeNs from_ns, TimeNs to_ns) {
    struct Away {
      TimeNs down_ns = -1, paused_ns = -1;
    };
    std::vector<Away> away(world_.node_count());
    const auto close = [&](NodeId node, TimeNs& since_ns, TimeNs at_ns, bool down) {
      if (since_ns >= 0 && at_ns >= from_ns && since_ns <= to_ns) {
        out_.shades.push_back({node, std::max(since_ns, from_ns), std::min(at_ns, to_ns), down});
      }
      since_ns = -1;
    };
    for (const Note& note : branch_.landmarks) {
      if (note.kind != NoteKind::kNode) continue;
      Away& one = away[note.node];
      switch (static_cast<sim::NodeChange>(note.what)) {
        case sim::NodeChange::kStarted: close(note.node, one.down_ns, note.at_ns, true); break;
        case sim::NodeChange::kPaused: one.paused_ns = note.at_ns; break;
        case sim::NodeChange::kResumed: close(note.node, one.paused_ns, note.at_ns, false); break;
        default:
          if (one.down_ns < 0) one.down_ns = note.at_ns;
          break;
      }
    }
    for (NodeId node = 0; node < away.size(); ++node) {
      close(node, away[node].down_ns, branch_.explored_ns, true);
      close(node, away[node].paused_ns, branch_.explored_ns, false);
    }
  }

  Ladder& out() noexcept { return out_; }

 private:
  const Branch& branch_;
  const sim::World& world_;
  bool heartbeats_;
  std::size_t most_;
  Ladder out_;
};

// Where following causes back ends: these begin something of their own.
bool begins_something(EventKind kind) {
  return kind == EventKind::kTimer || kind == EventKind::kClientBegins || kind == EventKind::kClientArrives ||
         kind == EventKind::kClientPatience;
}

}  // namespace

std::vector<LadderRow> ladder_rows(const sim::World& world) {
  std::vector<LadderRow> rows;
  for (NodeId node = 0; node < world.node_count(); ++node) {
    rows.push_back({.kind = LadderRow::Kind::kNode, .node = node, .name = world.scenario().cluster.members[node].name});
  }
  const auto sessions = static_cast<std::uint32_t>(world.clients().session_count());
  for (std::uint32_t session = 0; session < sessions; ++session) {
    if (const std::string* name = world.clients().session_name(session)) {
      rows.push_back({.kind = LadderRow::Kind::kSession, .session = session, .name = *name});
    }
  }
  rows.push_back({.kind = LadderRow::Kind::kLoad, .name = "clients"});
  return rows;
}

Ladder ladder(const Branch& branch, const sim::World& world, KeyTable& keys, TimeNs from_ns, TimeNs to_ns,
              bool heartbeats, std::size_t most) {
  Builder builder(branch, world, heartbeats, most);
  const EventLog& log = branch.log;
  const EventNumber first = log.first_at(from_ns);
  EventNumber event = first;
  for (; event <= branch.explored; ++event) {
    const EventRecord* const record = log.event(event);
    if (!record) {
      builder.out().complete = false;
      // The next chunk may be at hand.
      event = EventLog::first_of(EventLog::chunk_of(event) + 1) - 1;
      continue;
    }
    if (record->at_ns > to_ns) {
      // Those that left within the window: a slow one may arrive long after.
      break;
    }
    if (record->at_ns >= from_ns) builder.add(*record, event);
  }
  log.each_note(first, event, [&](const Note& note) {
    if (note.kind == NoteKind::kLost && note.at_ns >= from_ns && note.at_ns <= to_ns) builder.add_lost(note);
  });
  builder.add_flying(keys, from_ns, to_ns);
  builder.add_shades(from_ns, to_ns);
  return std::move(builder.out());
}

std::vector<EventNumber> causes_of(const EventLog& log, EventNumber event) {
  std::vector<EventNumber> causes;
  const EventRecord* record = log.event(event);
  while (record && !begins_something(record->kind) && record->cause != 0 && (record->cause & sim::kCommandCause) == 0) {
    causes.push_back(record->cause);
    record = log.event(record->cause);
  }
  return causes;
}

std::vector<EventNumber> effects_of(const EventLog& log, EventNumber event, EventNumber last) {
  std::vector<EventNumber> effects;
  std::unordered_set<EventNumber> reached{event};
  for (EventNumber next = event + 1; next <= last; ++next) {
    const EventRecord* const record = log.event(next);
    if (!record || begins_something(record->kind) || !reached.contains(record->cause)) continue;
    reached.insert(next);
    effects.push_back(next);
  }
  return effects;
}

const char* event_name(const EventRecord& record) noexcept {
  static const std::array<Message, std::variant_size_v<Message>> kMessages = {
      ReplicaPut{}, ReplicaPutAck{}, ReplicaGet{}, ReplicaGetReply{}, Forward{},    ForwardReply{},
      Heartbeat{},  SyncRoots{},     SyncLeaves{}, SyncKeys{},        SyncObjects{}};
  return record.kind == EventKind::kMessage && record.message < kMessages.size()
             ? message_name(kMessages[record.message])
             : event_kind_name(record.kind);
}

}  // namespace dkv::viz
