#include <type_traits>

#include "engine/core/hash.h"
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
  void add(const Context& context) const {
    fold.add(context.seen.entries().size());
    for (const Dot& entry : context.seen.entries()) add(entry);
    for (const Dot& dot : context.seen.isolated()) add(dot);
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

}  // namespace

void World::fold(const Pending& pending) {
  std::uint64_t node = 0;
  std::uint64_t detail = 0;
  if (const auto* delivery = std::get_if<Delivery>(&pending.what)) {
    node = delivery->to | std::uint64_t{delivery->from} << 16 | delivery->message.index() << 32;
    detail = folded(delivery->message);
  } else if (const auto* timer = std::get_if<TimerDue>(&pending.what)) {
    node = timer->node | std::uint64_t{timer->incarnation} << 16;
    detail = timer->timer.serial << 8 | static_cast<std::uint64_t>(timer->timer.kind);
  } else if (const auto* sync = std::get_if<SyncEnds>(&pending.what)) {
    node = sync->node;
    detail = slots_[sync->node].disk.sync_upto();
  } else if (const auto* disk = std::get_if<DiskEnds>(&pending.what)) {
    node = disk->node;
    detail = disk->operation;
  } else if (const auto* request = std::get_if<RequestArrives>(&pending.what)) {
    node = request->node;
    detail = request->token;
  } else if (const auto* reply = std::get_if<ReplyArrives>(&pending.what)) {
    node = static_cast<std::uint64_t>(reply->reply.outcome);
    detail = reply->token;
  }
  const std::uint64_t what = pending.what.index() << 48 | node;
  fingerprint_ =
      hash_combine(fingerprint_ + what, static_cast<std::uint64_t>(now_ns_) ^ detail * 0x9e3779b97f4a7c15ULL);
}

void World::view(const Pending& pending) {
  EventView view{.at_ns = now_ns_, .number = events_, .sent_ns = pending.sent_ns, .cause = pending.cause};
  if (const auto* delivery = std::get_if<Delivery>(&pending.what)) {
    view.kind = "message";
    view.node = delivery->to;
    view.from = delivery->from;
    view.message = &delivery->message;
  } else if (const auto* timer = std::get_if<TimerDue>(&pending.what)) {
    view.kind = "timer";
    view.node = timer->node;
    view.detail = static_cast<std::uint64_t>(timer->timer.kind);
  } else if (const auto* sync = std::get_if<SyncEnds>(&pending.what)) {
    view.kind = "synced";
    view.node = sync->node;
    view.detail = slots_[sync->node].disk.sync_upto();
  } else if (const auto* disk = std::get_if<DiskEnds>(&pending.what)) {
    view.kind = disk->upto != 0 ? "synced" : "disk";
    view.node = disk->node;
    view.detail = disk->upto != 0 ? disk->upto : disk->operation;
  } else if (const auto* answers = std::get_if<DiskAnswers>(&pending.what)) {
    view.kind = "disk_late";
    view.node = answers->node;
    view.detail = answers->done.ticket;
  } else if (const auto* respawn = std::get_if<Respawn>(&pending.what)) {
    view.kind = "respawn";
    view.node = respawn->node;
  } else if (const auto* due = std::get_if<SyncedDue>(&pending.what)) {
    view.kind = "synced_late";
    view.node = due->node;
    view.detail = due->upto;
  } else if (const auto* request = std::get_if<RequestArrives>(&pending.what)) {
    view.kind = "request";
    view.node = request->node;
    view.detail = request->token;
    view.request = &request->request;
    view.client_home = clients_.home(request->token);
  } else if (const auto* reply = std::get_if<ReplyArrives>(&pending.what)) {
    view.kind = reply->connection_refused ? "connection_refused" : "reply";
    view.detail = reply->token;
    view.reply = &reply->reply;
    view.client_home = clients_.home(reply->token);
    view.answered_by = reply->from;
  } else if (const auto* begin = std::get_if<WakeToBegin>(&pending.what)) {
    view.kind = "client_begins";
    view.detail = begin->session;
  } else if (const auto* give_up = std::get_if<WakeToGiveUp>(&pending.what)) {
    view.kind = "client_patience";
    view.detail = give_up->session;
  } else if (const auto* begins = std::get_if<FaultBegins>(&pending.what)) {
    view.kind = "fault_begins";
    view.detail = begins->index;
  } else if (const auto* ends = std::get_if<FaultEnds>(&pending.what)) {
    view.kind = "fault_ends";
    view.detail = ends->index;
  } else if (std::holds_alternative<NextArrival>(pending.what)) {
    view.kind = "client_arrives";
  } else if (std::holds_alternative<std::monostate>(pending.what)) {
    view.kind = "dropped";
  } else {
    view.kind = std::holds_alternative<Heal>(pending.what) ? "heal" : "poll";
  }
  if (view.node != kNoNode) {
    const Slot& slot = slots_[view.node];
    if (!slot.node) {
      view.taken = EventView::Taken::kNobody;
    } else if (slot.paused > 0 || (!slot.slow.empty() && pending.slowed_in == 0)) {
      view.taken = EventView::Taken::kLater;
    }
  }
  observer_->on_event(view);
}

}  // namespace dkv::sim
