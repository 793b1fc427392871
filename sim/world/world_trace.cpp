// Events as they appear in fingerprints, traces and debuggers.
#include <type_traits>

#include "engine/core/hash.h"
#include "sim/network/message_traits.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// Folds numbers into one in their order. An odd factor loses no bit, and costs one multiplication a number.
struct Fold {
  std::uint64_t sum = 0;
  void add(std::uint64_t number) noexcept { sum = (sum + number) * 0x9e3779b97f4a7c15ULL; }
};

// Folds all fields of a message, by the message's own list of them. A state of a key counts by its digest.
template <typename Struct>
struct FoldFields {
  Fold& fold;
  const Struct& value;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char*, Member Struct::* member, const Format& = {}) const {
    add(value.*member);
    return true;
  }
  template <typename Check>
  bool rule(const char*, Check) const {
    return true;
  }

 private:
  template <typename Number>
    requires(std::is_integral_v<Number> || std::is_enum_v<Number>)
  void add(const Number& number) const {
    fold.add(static_cast<std::uint64_t>(number));
  }
  void add(const Key& key) const { fold.add(key.hash()); }
  void add(const Blob& bytes) const { fold.add(hash64(bytes.view())); }
  void add(const ObjectPtr& object) const { fold.add(object ? object->digest() : 0); }
  void add(const Dot& dot) const {
    fold.add(dot.actor.id.high);
    fold.add(dot.actor.id.low);
    fold.add(dot.actor.epoch);
    fold.add(dot.counter);
  }
  void add(const VersionVector& clock) const {
    fold.add(clock.entries().size());
    for (const Dot& entry : clock.entries()) add(entry);
    for (const Dot& dot : clock.isolated()) add(dot);
  }
  void add(const Context& context) const {
    add(context.seen);
    fold.add(context.hlc.packed);
  }
  template <field::Listed Nested>
  void add(const Nested& nested) const {
    Nested::fields(FoldFields<Nested>{fold, nested});
  }
  template <typename Element>
  void add(const std::vector<Element>& list) const {
    fold.add(list.size());
    for (const Element& element : list) add(element);
  }
};

std::uint64_t folded(const Message& message) {
  Fold fold;
  visit_message([&]<typename M>(const M& m) { M::fields(FoldFields<M>{fold, m}); }, message);
  return mix64(fold.sum);
}

// The part of an event that goes into the fingerprint, besides its kind and its time.
struct Essence {
  std::uint64_t node = 0;
  std::uint64_t detail = 0;
};
Essence essence_of(const Delivery& delivery) {
  return {delivery.to | std::uint64_t{delivery.from} << 16 | delivery.message.index() << 32, folded(delivery.message)};
}
Essence essence_of(const TimerDue& due) {
  return {due.node | std::uint64_t{due.incarnation} << 16,
          due.timer.serial << 8 | static_cast<std::uint64_t>(due.timer.kind)};
}
Essence essence_of(const DiskEnds& ends) {
  return {ends.node, ends.operation};
}
Essence essence_of(const ConnectionEnds& ends) {
  return {ends.node | std::uint64_t{ends.peer} << 16, ends.incarnation};
}
Essence essence_of(const RequestArrives& request) {
  return {request.node, request.token};
}
Essence essence_of(const ReplyArrives& reply) {
  return {static_cast<std::uint64_t>(reply.reply.outcome), reply.token};
}
template <class Other>
Essence essence_of(const Other&) {
  return {};
}

void tell(const Dropped&, EventView& view) {
  view.kind = EventKind::kDropped;
}
void tell(const Delivery& delivery, EventView& view) {
  view.kind = EventKind::kMessage;
  view.node = delivery.to;
  view.from = delivery.from;
  view.message = &delivery.message;
}
void tell(const TimerDue& due, EventView& view) {
  view.kind = EventKind::kTimer;
  view.node = due.node;
  view.detail = static_cast<std::uint64_t>(due.timer.kind);
}
void tell(const RequestArrives& request, EventView& view) {
  view.kind = EventKind::kRequest;
  view.node = request.node;
  view.detail = request.token;
  view.request = &request.request;
}
void tell(const ReplyArrives& reply, EventView& view) {
  view.kind = reply.connection_refused ? EventKind::kConnectionRefused : EventKind::kReply;
  view.detail = reply.token;
  view.reply = &reply.reply;
  view.answered_by = reply.from;
}
void tell(const WakeToBegin& wake, EventView& view) {
  view.kind = EventKind::kClientBegins;
  view.detail = wake.session;
}
void tell(const WakeToGiveUp& wake, EventView& view) {
  view.kind = EventKind::kClientPatience;
  view.detail = wake.session;
}
void tell(const NextArrival&, EventView& view) {
  view.kind = EventKind::kClientArrives;
}
void tell(const FaultBegins& begins, EventView& view) {
  view.kind = EventKind::kFaultBegins;
  view.detail = begins.index;
}
void tell(const FaultEnds& ends, EventView& view) {
  view.kind = EventKind::kFaultEnds;
  view.detail = ends.index;
}
void tell(const MomentComes& moment, EventView& view) {
  view.kind = EventKind::kMoment;
  view.detail = moment.index;
}
void tell(const Heal&, EventView& view) {
  view.kind = EventKind::kHeal;
}
void tell(const Poll&, EventView& view) {
  view.kind = EventKind::kPoll;
}
void tell(const DiskEnds& ends, EventView& view) {
  view.kind = ends.upto != 0 ? EventKind::kSynced : EventKind::kDisk;
  view.node = ends.node;
  view.detail = ends.upto != 0 ? ends.upto : ends.operation;
}
void tell(const DiskAnswers& answers, EventView& view) {
  view.kind = EventKind::kDiskLate;
  view.node = answers.node;
  view.detail = answers.done.ticket;
}
void tell(const Respawn& respawn, EventView& view) {
  view.kind = EventKind::kRespawn;
  view.node = respawn.node;
}
void tell(const ConnectionEnds& ends, EventView& view) {
  view.kind = EventKind::kConnectionEnds;
  view.node = ends.node;
  view.from = ends.peer;
}

}  // namespace

std::uint64_t fingerprint_with(std::uint64_t fingerprint, const Scheduled& event, TimeNs now_ns) {
  return std::visit(
      [&]<class Event>(const Event& what) {
        const Essence essence = essence_of(what);
        return hash_combine(fingerprint + (Event::kCode << 48 | essence.node),
                            static_cast<std::uint64_t>(now_ns) ^ essence.detail * 0x9e3779b97f4a7c15ULL);
      },
      event.what);
}

EventView view_of(const Scheduled& event, TimeNs now_ns) {
  EventView view{.at_ns = now_ns, .sent_ns = event.sent_ns, .cause = event.cause};
  std::visit([&](const auto& what) { tell(what, view); }, event.what);
  return view;
}

Flight flight_of(const Scheduled& event) {
  Flight flight{.sent_ns = event.sent_ns, .cause = event.cause};
  if (const auto* delivery = std::get_if<Delivery>(&event.what)) {
    flight.leg = leg_of(delivery->message);
    flight.from = delivery->from;
    flight.to = delivery->to;
    flight.name = message_name(delivery->message);
    flight.message = &delivery->message;
    flight.key = key_of(delivery->message);
  } else if (const auto* ends = std::get_if<ConnectionEnds>(&event.what)) {
    flight.leg = Leg::kHeartbeat;
    flight.from = ends->peer;
    flight.to = ends->node;
    flight.name = "connection reset";
  } else if (const auto* request = std::get_if<RequestArrives>(&event.what)) {
    flight.leg = Leg::kClient;
    flight.to = request->node;
    flight.name = "request";
    flight.request = &request->request;
    flight.token = request->token;
    flight.key = &request->request.key;
  } else if (const auto* reply = std::get_if<ReplyArrives>(&event.what)) {
    flight.leg = Leg::kClient;
    flight.from = reply->from;
    flight.name = reply->connection_refused ? "connection refused" : "reply";
    flight.reply = reply->connection_refused ? nullptr : &reply->reply;
    flight.token = reply->token;
  }
  return flight;
}

void World::view(const Scheduled& event) {
  EventView view = view_of(event, now_ns_);
  view.number = events_;
  if (view.request || view.reply) view.client_home = clients_.home(view.detail);
  if (view.node != kNoNode) {
    const Machine& machine = machines_[view.node];
    if (!machine.node) {
      view.taken = EventView::Taken::kNobody;
    } else if (machine.paused > 0 || (!machine.slow.empty() && event.slowed_in == 0)) {
      view.taken = EventView::Taken::kLater;
    }
  }
  observer_->on_event(view);
}

}  // namespace dkv::sim
