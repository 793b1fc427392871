#include "engine/node/node.h"

#include <utility>

#include "engine/core/actor_name.h"
#include "engine/core/assert.h"
#include "engine/node/anti_entropy.h"
#include "engine/node/coordinate.h"
#include "engine/node/fetches.h"
#include "engine/node/forward.h"
#include "engine/node/handoff.h"
#include "engine/node/heartbeats.h"
#include "engine/node/read.h"
#include "engine/node/reaper.h"
#include "engine/node/receive.h"
#include "engine/node/write.h"

namespace dkv {
namespace {

// If a power loss may take an acknowledged tombstone, nothing proves that all replicas hold it.
NodeConfig with_proofs_only(NodeConfig config) {
  if (storage_traits(config.storage).may_fall_back()) config.reap_every_ns = 0;
  return config;
}

bool ends_later(const Operation& operation, TimeNs now_ns) {
  if (const auto* write = std::get_if<WriteOp>(&operation)) return now_ns < write->deadline_ns;
  if (const auto* forward = std::get_if<ForwardOp>(&operation)) return now_ns < forward->deadline_ns;
  return false;
}

}  // namespace

Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

Node::Node(const NodeConfig& config, Incarnation incarnation)
    : config_(with_proofs_only(config)), incarnation_(incarnation), state_(config_) {
  DKV_ASSERT(config_.check());
  DKV_ASSERT(incarnation_ > 0);  // peers use 0 for a node that they have not heard
}

void Node::handle(const Event& event, Outbox& out) {
  handle(Event(event), out);
}

void Node::handle(Event&& event, Outbox& out) {
  if (event.incarnation != incarnation_ || phase_ == Phase::kFailed) return;
  DKV_ASSERT(event.now_ns >= last_turn_ns_);  // deadlines and the silence of peers are measured by it
  last_turn_ns_ = event.now_ns;
  const TimeNs wall_now_ns = state_.clocks.time(event.wall_now_ns, event.now_ns);
  const TurnEnv turn{config_, incarnation_, event.now_ns, wall_now_ns, event.wall_now_ns, out};
  state_.replica.store().begin_turn(turn.now_ns);
  std::visit([&](auto&& what) { on(std::move(what), turn); }, std::move(event.what));
  end_turn(turn);
  if (phase_ == Phase::kServing) arm_operations(turn);
}

void Node::on(Start&& start, const TurnEnv& turn) {
  DKV_ASSERT(phase_ == Phase::kNew);
  phase_ = Phase::kStarting;
  state_.operations.start(incarnation_);
  state_.eras.begin(incarnation_);
  state_.peers.start(turn.now_ns);
  fresh_ = make_actor_id(start.seed, config_.id, incarnation_);
  state_.replica.store().start(turn.out);
}

void Node::serve_if_ready(const TurnEnv& turn) {
  if (phase_ != Phase::kStarting || !epoch_durable_ || state_.fetches.hints_to_load > 0) return;
  DKV_ASSERT(state_.replica.store().open() && state_.replica.actor().epoch > 0);
  DKV_ASSERT(state_.fetches.waiting.empty());  // only hints are fetched before, and all have arrived
  DKV_ASSERT(state_.operations.in_progress() == 0);
  phase_ = Phase::kServing;
  turn.observe(Observed::kServing, kNoNode, {}, state_.replica.actor().epoch);
  send_heartbeats(state_, turn);
  arm(TimerKind::kHeartbeat, config_.heartbeat_every_ns, turn);
  if (config_.hints_every_ns > 0) arm(TimerKind::kHints, config_.hints_every_ns, turn);
  if (config_.anti_entropy_every_ns > 0) {
    // The ids spread the rounds of nodes that start together.
    const TimeNs share = config_.anti_entropy_every_ns / static_cast<TimeNs>(config_.placement->members().size());
    arm(TimerKind::kAntiEntropy, config_.anti_entropy_every_ns + share * config_.id, turn);
  }
}

void Node::on(Received&& received, const TurnEnv& turn) {
  // A Forward gets no refusal either: this may be its second copy, and an earlier life may have carried out the first.
  if (phase_ != Phase::kServing) return;
  state_.peers.heard(received.from, turn);
  receive(received.message, received.from, state_, turn);
}

void Node::on(ClientAsked&& asked, const TurnEnv& turn) {
  take_request(asked.request, asked.token, phase_ == Phase::kServing, state_, turn);
}

void Node::on(const TimerFired& timer, const TurnEnv& turn) {
  if ((phase_ != Phase::kServing && timer.kind != TimerKind::kStorage) ||
      timer.serial != timer_serials_[static_cast<std::size_t>(timer.kind)])
    return;
  // The noted time belongs to the timer that fires. Otherwise a deadline could rely on a timer that is gone.
  DKV_ASSERT(timer.kind != TimerKind::kOperations || operations_timer_at_ns_ >= 0);
  DKV_ASSERT(timer.kind != TimerKind::kStorage || storage_timer_at_ns_ >= 0);
  switch (timer.kind) {
    case TimerKind::kHeartbeat: heartbeat_tick(state_, turn); return arm(timer.kind, config_.heartbeat_every_ns, turn);
    case TimerKind::kHints: hints_tick(state_, turn); return arm(timer.kind, config_.hints_every_ns, turn);
    case TimerKind::kAntiEntropy:
      anti_entropy_tick(state_, turn);
      return arm(timer.kind, config_.anti_entropy_every_ns, turn);
    case TimerKind::kOperations: operations_timer_at_ns_ = -1; return operations_due(turn);
    case TimerKind::kStorage:
      storage_timer_at_ns_ = -1;
      state_.replica.store().tick(turn.now_ns, turn.out);
      return arm_storage_tick(turn);
  }
}

void Node::operations_due(const TurnEnv& turn) {
  for (OpId id = state_.operations.next_due(turn.now_ns); id != kNoOp; id = state_.operations.next_due(turn.now_ns)) {
    const Operation* operation = state_.operations.find_any(id);
    DKV_ASSERT(operation);
    const bool lasts = ends_later(*operation, turn.now_ns);
    if (std::holds_alternative<WriteOp>(*operation)) {
      write_due(id, state_, turn);
    } else if (std::holds_alternative<ReadOp>(*operation)) {
      read_due(id, state_, turn);
    } else if (std::holds_alternative<HintOp>(*operation)) {
      hint_due(id, state_, turn);
    } else {
      forward_due(id, state_, turn);
    }
    // Only a write outlives a deadline: its first one is for stand-ins.
    DKV_ASSERT(lasts || !state_.operations.find_any(id));
  }
}

void Node::on(const StoreDurable& durable, const TurnEnv& turn) {
  state_.replica.durable_upto(durable.upto);
  while (const auto waiter = state_.replica.next_durable()) {
    switch (waiter->kind) {
      case DurableWaiter::Kind::kServe:
        DKV_ASSERT(phase_ == Phase::kStarting && !epoch_durable_);
        epoch_durable_ = true;
        serve_if_ready(turn);
        break;
      case DurableWaiter::Kind::kEpoch: state_.replica.epoch_begun(); break;
      case DurableWaiter::Kind::kLocalAck: own_copy_durable(waiter->op, state_, turn); break;
      case DurableWaiter::Kind::kPeerAck: turn.out.send(waiter->peer, ReplicaPutAck{waiter->op, true}); break;
      case DurableWaiter::Kind::kReapAnswer: reap_answer_durable(waiter->op, waiter->peer, state_, turn); break;
    }
  }
}

void Node::on(DiskDone&& done, const TurnEnv& turn) {
  state_.replica.store().handle(std::move(done), turn.out);
}

void Node::on(const PeerLost& lost, const TurnEnv& turn) {
  if (phase_ != Phase::kServing || !state_.peers.is_member(lost.peer)) return;
  state_.peers.lost(lost.peer, turn);
}

void Node::on(const StoreRecovered& recovered, const TurnEnv& turn) {
  DKV_ASSERT(phase_ == Phase::kStarting && !epoch_durable_);
  const RecoveryReport& report = recovered.report;
  turn.observe(Observed::kRecovered, kNoNode, {}, report.records);
  if (report.damaged_places > 0) turn.observe(Observed::kDamageFound, kNoNode, {}, report.damaged_places);
  state_.replica.observe_clock(report.latest_hlc, turn);
  for (const auto& [at_wall_ns, key] : recovered.expiring) state_.replica.expires(at_wall_ns, key);
  state_.replica.begin_epoch(recovered.identity, fresh_, turn);
  for (const HintName& hint : state_.replica.store().hints()) {
    if (hint.owner == kNoNode) continue;  // no node wrote this
    fetch_hint_for({.kind = FetchWaiter::Kind::kHint,
                    .peer = hint.owner,
                    .key = hint.key,
                    .created_wall_ns = hint.created_wall_ns},
                   state_, turn);
  }
  arm_storage_tick(turn);
}

void Node::on(const StoreFetched& object, const TurnEnv& turn) {
  fetched(object, state_, turn);
  serve_if_ready(turn);
}

void Node::on(const StoreDamaged& damaged, const TurnEnv& turn) {
  damage_found(damaged, state_, turn);
}

// After a failed append, memory and disk differ, and the node could acknowledge a write that is not stored. So it stops
// answering. Its next start reads the disk, under a new epoch.
void Node::on(const StoreFailed&, const TurnEnv& turn) {
  turn.observe(Observed::kStorageFailed);
  phase_ = Phase::kFailed;
}

// The appends of the turn go to the disk in one piece. The store's events may append more, and its end_turn() may
// cause more events.
void Node::end_turn(const TurnEnv& turn) {
  Storage& store = state_.replica.store();
  const auto take_events = [&] {
    bool any = false;
    while (phase_ != Phase::kFailed && store.has_event()) {
      any = true;
      std::visit([&](const auto& what) { on(what, turn); }, *store.next_event());
    }
    return any;
  };
  take_events();
  do store.end_turn(turn.out);
  while (take_events());
  // Appends that wait for a group commit are written in time, even if no other event comes.
  if (const TimeNs held_until_ns = store.held_until_ns(); held_until_ns != 0) arm_storage(held_until_ns, turn);
}

void Node::arm(TimerKind kind, TimeNs after_ns, const TurnEnv& turn) {
  DKV_ASSERT(after_ns >= 1);
  turn.out.set_timer(kind, ++timer_serials_[static_cast<std::size_t>(kind)], after_ns);
}

// One timer serves all deadlines. It is armed again only when it would fire too late. A timer that fires too early
// finds nothing due.
void Node::arm_operations(const TurnEnv& turn) {
  const TimeNs next_ns = state_.operations.next_deadline();
  // An operation without a deadline might never end.
  DKV_ASSERT((next_ns >= 0) == (state_.operations.in_progress() > 0));
  if (next_ns < 0 || (operations_timer_at_ns_ >= 0 && operations_timer_at_ns_ <= next_ns)) return;
  operations_timer_at_ns_ = next_ns;
  arm(TimerKind::kOperations, std::max<TimeNs>(next_ns - turn.now_ns, 1), turn);
}

// As above: a timer that fires too early does no harm, and is armed again.
void Node::arm_storage(TimeNs at_ns, const TurnEnv& turn) {
  if (storage_timer_at_ns_ >= 0 && storage_timer_at_ns_ <= at_ns) return;
  storage_timer_at_ns_ = at_ns;
  arm(TimerKind::kStorage, std::max<TimeNs>(at_ns - turn.now_ns, 1), turn);
}

void Node::arm_storage_tick(const TurnEnv& turn) {
  const TimeNs every_ns = state_.replica.store().traits().tick_every_ns;
  if (every_ns > 0) arm_storage(turn.now_ns + every_ns, turn);
}

}  // namespace dkv
