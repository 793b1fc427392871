#include "sim/world/world.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/protocol/codec.h"
#include "sim/network/message_traits.h"

namespace dkv::sim {
namespace {

constexpr TimeNs kWallStartNs = 1'700'000'000 * kSecond;
constexpr TimeNs kPollEveryNs = 100 * kMillisecond;
constexpr TimeNs kRespawnAfterNs = kSecond;

std::shared_ptr<const Placement> place(const ClusterSpec& cluster) {
  auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
  DKV_ASSERT(placement);  // the scenario loader has checked the members
  return *placement;
}

}  // namespace

World::World(const World&) = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;
World::~World() = default;

World::World(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, std::shared_ptr<const Schedule> schedule,
             const WorldOptions& options)
    : scenario_(std::move(scenario)),
      schedule_(std::move(schedule)),
      seed_(seed),
      options_(options),
      placement_(place(scenario_->cluster)),
      network_(*scenario_, seed),
      clients_(scenario_, seed),
      disk_stream_(seed, Purpose::kDisk),
      seed_stream_(seed, Purpose::kNodeSeed),
      power_stream_(seed, Purpose::kPowerLoss),
      processing_stream_(seed, Purpose::kProcessing),
      fault_on_(schedule_->size(), 0) {
  DKV_ASSERT(scenario_->cluster.members.size() <= kNodesMax);
  if (options_.oracle) oracle_.emplace(*scenario_, placement_);
  slots_.resize(scenario_->cluster.members.size());
  for (NodeId node = 0; node < slots_.size(); ++node) {
    slots_[node].disk = Disk(options_.hash_salt);
    slots_[node].synced = SyncLedger(options_.hash_salt);
    start_node(node);
  }
  clients_.start(*this);
  for (std::uint32_t i = 0; i < schedule_->size(); ++i) push((*schedule_)[i].at_ns, FaultBegins{i});
  push(scenario_->run_ns, Heal{});
  apply_due();
}

bool World::step(Observer* observer) {
  if (phase_ == Phase::kEnded) return false;
  observer_ = observer;
  DKV_ASSERT(!queue_.empty());
  const TimeNs at_ns = queue_.next_time();
  DKV_ASSERT(at_ns >= now_ns_);
  now_ns_ = at_ns;
  Pending pending = queue_.pop();
  ++events_;
  cause_ = events_;
  fold(pending);
  if (observer_ && observer_->wants_events()) view(pending);
  carry_out(std::move(pending));
  if (commands_applied_ < scenario_->commands.size()) apply_due();
  if (observer_) tell_violations();
  observer_ = nullptr;
  return phase_ != Phase::kEnded;
}

void World::tell_violations() {
  const auto& wrong = clients_.wrong_values();
  while (wrong_values_told_ < wrong.size()) observer_->on_violation(wrong[wrong_values_told_++]);
  if (!oracle_) return;
  const auto& found = oracle_->violations();
  while (violations_told_ < found.size()) observer_->on_violation(found[violations_told_++]);
}

void World::carry_out(Pending&& pending) {
  std::visit([&](auto& what) { on(what, pending); }, pending.what);
}

std::span<const Image* const> World::images() const {
  if (images_.size() != slots_.size() || images_.front() != &slots_.front().disk.durable()) {
    images_.clear();
    for (const Slot& slot : slots_) images_.push_back(&slot.disk.durable());
  }
  return images_;
}

bool World::held_back(NodeId node, Pending& pending) {
  Slot& slot = slots_[node];
  if (!slot.node) return true;
  // It was in the hands of a process that is gone.
  if (pending.slowed_in != 0 && pending.slowed_in != slot.incarnation) return true;
  if (slot.paused > 0) {
    slot.deferred.push_back(std::move(pending));
    return true;
  }
  if (!slot.slow.empty() && pending.slowed_in == 0) {
    TimeNs delay_ns = 0;
    for (const auto& [fault, delay] : slot.slow) delay_ns += delay.at(processing_stream_.next());
    pending.slowed_in = slot.incarnation;
    queue_.push(now_ns_ + delay_ns, std::move(pending));
    return true;
  }
  return false;
}

TimeNs World::wall_now(NodeId node) const noexcept {
  return kWallStartNs + now_ns_ + slots_[node].skew_ns;
}

void World::give(NodeId node, Event&& event) {
  Slot& slot = slots_[node];
  event.now_ns = now_ns_;
  event.wall_now_ns = wall_now(node);
  slot.node->handle(std::move(event), outbox_);
  drain(node);
}

void World::drain(NodeId node) {
  Slot& slot = slots_[node];
  for (Effect& effect : outbox_.effects()) {
    if (auto* send = std::get_if<Send>(&effect)) {
      send_message(node, std::move(*send));
    } else if (auto* append = std::get_if<Append>(&effect)) {
      if (oracle_) oracle_->appended(node, append->record, now_ns_);
      slot.disk.append(std::move(*append));
    } else if (auto* reply = std::get_if<Reply>(&effect)) {
      const NodeId home = clients_.home(reply->token);
      transmit(node, home, Leg::kClient, ReplyArrives{reply->token, false, node, std::move(reply->reply)});
    } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
      DKV_ASSERT(timer->after_ns > 0);
      push(now_ns_ + timer->after_ns, TimerDue{node, slot.incarnation, {timer->kind, timer->serial}});
    } else if (auto* request = std::get_if<AskDisk>(&effect)) {
      ask_disk(node, std::move(*request));
    } else {
      const auto& observation = std::get<Observation>(effect);
      ++counters_.observed[static_cast<std::size_t>(observation.what)];
      if (oracle_) oracle_->observed(node, observation, images(), now_ns_);
      if (observer_) observer_->on_observation(node, observation, now_ns_);
      if (observation.what == Observed::kRecovered && log_backend()) recovered(node);
      if (observation.what == Observed::kDamageFound && !observation.key.empty()) damaged(node, observation.key);
      if (observation.what == Observed::kHintLost) {
        take_over(node, {.space = KeySpace::kHints, .owner = observation.peer, .key = observation.key}, {});
      }
    }
  }
  outbox_.clear();
  if (slot.node->phase() == Node::Phase::kFailed && log_backend() && !slot.respawning) {
    slot.respawning = true;
    ++counters_.storage_failures;
    push(now_ns_ + kRespawnAfterNs, Respawn{node, slot.incarnation});
  }
  if (!log_backend() && slot.disk.wants_sync()) begin_sync(node);
}

void World::transmit(NodeId from, NodeId to, Leg leg, What&& what) {
  ++counters_.messages_sent;
  carry({from, to, leg, {std::move(what), 0, now_ns_, cause_}});
}

void World::carry(Held&& message) {
  const Network::Verdict verdict = network_.send(message.from, message.to, message.leg);
  switch (verdict.fate) {
    case Network::Fate::kLost:
      ++counters_.messages_lost;
      if (observer_ && observer_->wants_events()) observer_->on_lost(flight_of(message.pending), now_ns_);
      return;
    case Network::Fate::kHeld: held_.push_back(std::move(message)); return;
    case Network::Fate::kDelivered: break;
  }
  // Between a client and its node runs one connection, which delivers once.
  if (verdict.copies > 1 && message.leg != Leg::kClient) {
    queue_.push(now_ns_ + verdict.after_ns[1], Pending(message.pending));
  }
  queue_.push(now_ns_ + verdict.after_ns[0], std::move(message.pending));
}

void World::send_message(NodeId from, Send&& send) {
  DKV_ASSERT(send.to < slots_.size());
  const Leg leg = leg_of(send.message);
  if (options_.codec) {
    frame_.clear();
    encode_frame(send.message, frame_);
    Result<Message> decoded = decode_frame(frame_);
    DKV_ASSERT(decoded);
    send.message = std::move(*decoded);
  }
  transmit(from, send.to, leg, Delivery{from, send.to, std::move(send.message)});
}

void World::begin_sync(NodeId node) {
  Slot& slot = slots_[node];
  TimeNs latency_ns = scenario_->disk.sync.at(disk_stream_.next());
  for (const auto& [fault, delay] : slot.slow_disk) latency_ns += delay.at(disk_stream_.next());
  push(now_ns_ + std::max<TimeNs>(latency_ns, 1), SyncEnds{node, slot.disk.begin_sync()});
}

void World::settle_next(NodeId node) {
  Disk& disk = slots_[node].disk;
  if (oracle_) oracle_->durable(node, disk.next(), disk.durable(), now_ns_);
  if (acknowledges_unsynced()) slots_[node].synced.acknowledged(disk.all_pending().front());
  disk.settle_next();
}

void World::on(SyncEnds& ends, Pending&) {
  Slot& slot = slots_[ends.node];
  if (!slot.disk.is_current(ends.sync_id)) return;
  const AppendId upto = slot.disk.sync_upto();
  while (!slot.disk.idle() && slot.disk.next_id() <= upto) settle_next(ends.node);
  slot.disk.end_sync();
  if (slot.disk.wants_sync()) begin_sync(ends.node);
  SyncedDue due{ends.node, slot.incarnation, upto};
  Pending synced{due};
  on(due, synced);
}

void World::on(SyncedDue& due, Pending& pending) {
  if (!held_back(due.node, pending)) give(due.node, {.incarnation = due.incarnation, .what = Synced{due.upto}});
}

void World::on(Delivery& delivery, Pending& pending) {
  const NodeId to = delivery.to;
  if (held_back(to, pending)) return;
  give(to, {.incarnation = slots_[to].incarnation, .what = Received{delivery.from, std::move(delivery.message)}});
}

void World::on(TimerDue& due, Pending& pending) {
  if (!held_back(due.node, pending)) give(due.node, {.incarnation = due.incarnation, .what = due.timer});
}

void World::on(RequestArrives& arrives, Pending& pending) {
  const NodeId node = arrives.node;
  if (!slots_[node].node && pending.slowed_in == 0) {
    return transmit(node, clients_.home(arrives.token), Leg::kClient, ReplyArrives{arrives.token, true, node, {}});
  }
  if (held_back(node, pending)) return;
  give(node, {.incarnation = slots_[node].incarnation, .what = ClientAsked{arrives.token, std::move(arrives.request)}});
}

void World::on(ReplyArrives& arrives, Pending&) {
  if (arrives.connection_refused) {
    clients_.connection_refused(arrives.token, *this);
  } else {
    if (arrives.reply.reason == Reason::kStorageFull) ++counters_.refused_full;
    clients_.replied(arrives.token, arrives.reply, *this);
  }
}

void World::on(WakeToBegin& wake, Pending&) {
  clients_.begin_due(wake.session, *this);
}
void World::on(WakeToGiveUp& wake, Pending&) {
  clients_.give_up_due(wake.session, *this);
}
void World::on(NextArrival&, Pending&) {
  clients_.arrival(*this);
}

void World::ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) {
  transmit(home, via, Leg::kClient, RequestArrives{via, token, std::move(request)});
}
void World::wake_to_begin(std::uint32_t session, TimeNs at_ns) {
  push(at_ns, WakeToBegin{session});
}
void World::wake_to_give_up(std::uint32_t session, TimeNs at_ns) {
  push(at_ns, WakeToGiveUp{session});
}
void World::next_arrival(TimeNs at_ns) {
  push(at_ns, NextArrival{});
}

void World::on(Poll&, Pending&) {
  const bool settled = clients_.idle() && std::ranges::all_of(slots_, [](const Slot& slot) {
                         return slot.node && slot.node->phase() == Node::Phase::kServing && slot.disk.idle();
                       });
  if (settled && (!oracle_ || oracle_->converged(images()))) return end_run(true);
  if (now_ns_ >= scenario_->run_ns + scenario_->heal_within_ns) return end_run(false);
  push(now_ns_ + kPollEveryNs, Poll{});
}

void World::end_run(bool converged) {
  phase_ = Phase::kEnded;
  if (converged) converged_at_ns_ = now_ns_;
  if (log_backend()) {
    for (const Slot& slot : slots_) {
      if (slot.node) count_store(*slot.node->store().log());
      counters_.disk_bytes += slot.folder.total_bytes();
    }
  }
  if (oracle_ && log_backend()) {
    for (NodeId node = 0; node < slots_.size(); ++node) audit(node);
  }
  if (oracle_) oracle_->judge(images(), !converged, now_ns_);
  for (const Slot& slot : slots_) {
    for (const Record& record : slot.disk.durable().records()) {
      fingerprint_ = hash_combine(fingerprint_, record.key.hash());
      fingerprint_ = hash_combine(fingerprint_, record.object ? record.object->digest() : record.actor.epoch);
    }
  }
  if (observer_ && converged) observer_->on_converged(now_ns_);
}

}  // namespace dkv::sim
