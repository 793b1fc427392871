#include "sim/world/world.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/protocol/codec.h"
#include "sim/network/message_traits.h"
#include "sim/world/after_end.h"

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
      seed_(seed),
      options_(options),
      traits_(storage_traits(scenario_->cluster.node.storage)),
      placement_(place(scenario_->cluster)),
      network_(*scenario_, seed),
      clients_(scenario_, seed),
      oracle_(options.oracle ? Oracle(*scenario_, placement_) : Oracle()),
      faults_(std::move(schedule)),
      disk_stream_(seed, Purpose::kDisk),
      processing_stream_(seed, Purpose::kProcessing),
      seed_stream_(seed, Purpose::kNodeSeed) {
  DKV_ASSERT(scenario_->cluster.members.size() <= kNodesMax);
  machines_.reserve(scenario_->cluster.members.size());
  for (std::size_t i = 0; i < scenario_->cluster.members.size(); ++i) machines_.emplace_back(options_.hash_salt);
  for (NodeId node = 0; node < machines_.size(); ++node) start_process(node);
  clients_.start(*this);
  for (const std::uint32_t index : faults_.moments()) push(this->schedule()[index].to_ns, MomentComes{index});
  for (std::uint32_t i = 0; i < this->schedule().size(); ++i) push(this->schedule()[i].at_ns, FaultBegins{i});
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
  Scheduled event = queue_.pop();
  ++events_;
  cause_ = events_;
  fingerprint_ = fingerprint_with(fingerprint_, event, now_ns_);
  if (observer_ && observer_->wants_events()) view(event);
  std::visit([&](auto& what) { on(what, event); }, event.what);
  if (commands_applied_ < scenario_->commands.size()) apply_due();
  if (observer_) tell_violations();
  if (oracle_.has_setbacks()) tell_setbacks();
  observer_ = nullptr;
  return phase_ != Phase::kEnded;
}

void World::tell_violations() {
  const auto& wrong = clients_.wrong_values();
  while (wrong_values_told_ < wrong.size()) observer_->on_violation(wrong[wrong_values_told_++]);
  const auto& found = oracle_.violations();
  while (violations_told_ < found.size()) observer_->on_violation(found[violations_told_++]);
}

void World::tell_setbacks() {
  for (const Setback& setback : oracle_.take_setbacks()) {
    if (observer_) observer_->on_setback(setback);
  }
}

std::span<const Image* const> World::images() const {
  if (images_.size() != machines_.size() || images_.front() != &machines_.front().records.durable()) {
    images_.clear();
    for (const Machine& machine : machines_) images_.push_back(&machine.records.durable());
  }
  return images_;
}

bool World::held_back(NodeId node, Scheduled& event) {
  Machine& machine = machines_[node];
  if (!machine.node) return true;
  // The process that had begun to handle the event is gone.
  if (event.slowed_in != 0 && event.slowed_in != machine.incarnation) return true;
  if (machine.paused > 0) {
    machine.deferred.push_back(std::move(event));
    return true;
  }
  if (!machine.slow.empty() && event.slowed_in == 0) {
    event.slowed_in = machine.incarnation;
    queue_.push(now_ns_ + machine.slow.draw(processing_stream_), std::move(event));
    return true;
  }
  return false;
}

TimeNs World::wall_now(NodeId node) const noexcept {
  return kWallStartNs + now_ns_ + machines_[node].skew_ns;
}

void World::give(NodeId node, Event&& event) {
  Machine& machine = machines_[node];
  event.now_ns = now_ns_;
  event.wall_now_ns = wall_now(node);
  machine.node->handle(std::move(event), outbox_);
  drain(node);
}

void World::drain(NodeId node) {
  Machine& machine = machines_[node];
  counters_.effects_per_turn_max = std::max<std::uint64_t>(counters_.effects_per_turn_max,
                                                           outbox_.effects().size() + outbox_.disk_requests().size());
  if (observer_) observer_->on_turn(node, outbox_.effects(), now_ns_);
  for (Effect& effect : outbox_.effects()) {
    if (auto* send = std::get_if<Send>(&effect)) {
      send_message(node, std::move(*send));
    } else if (auto* append = std::get_if<Append>(&effect)) {
      oracle_.appended(node, append->record, now_ns_);
      machine.records.append(std::move(*append));
      if (!traits_.uses_disk) settle_next(node);
    } else if (auto* reply = std::get_if<Reply>(&effect); reply && Questions::is_token(reply->token)) {
      answered(reply->token, reply->reply);
    } else if (reply) {
      const NodeId home = clients_.home(reply->token);
      transmit(node, home, Leg::kClient, ReplyArrives{reply->token, false, node, std::move(reply->reply)});
    } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
      DKV_ASSERT(timer->after_ns > 0);
      const bool hurried = rounds_every_ns_ > 0 && timer->kind == TimerKind::kAntiEntropy;
      push(now_ns_ + (hurried ? rounds_every_ns_ : timer->after_ns),
           TimerDue{node, machine.incarnation, {timer->kind, timer->serial}});
    } else {
      observed(node, std::get<Observation>(effect));
    }
  }
  for (DiskRequest& request : outbox_.disk_requests()) ask_disk(node, std::move(request));
  outbox_.clear();
  if (machine.node->phase() == Node::Phase::kFailed && !machine.respawning) {
    machine.respawning = true;
    ++counters_.storage_failures;
    push(now_ns_ + kRespawnAfterNs, Respawn{node, machine.incarnation});
  }
}

void World::observed(NodeId node, const Observation& observation) {
  counters_.observed.add(observation.what);
  oracle_.observed(node, observation, now_ns_);
  if (observer_) observer_->on_observation(node, observation, now_ns_);
  if (observation.what == Observed::kRecovered) audit(node).started();
  if (observation.what == Observed::kDamageFound && !observation.key.empty()) audit(node).damage_found(observation.key);
  if (observation.what == Observed::kHintLost) audit(node).hint_lost(observation.peer, observation.key);
}

void World::transmit(NodeId from, NodeId to, Leg leg, WorldEvent&& what) {
  ++counters_.messages_sent;
  carry({from, to, leg, {std::move(what), 0, now_ns_, cause_}});
}

void World::carry(Undelivered&& message) {
  const Network::Verdict verdict = network_.send(message.from, message.to, message.leg);
  switch (verdict.fate) {
    case Network::Fate::kLost:
      ++counters_.messages_lost;
      if (observer_ && observer_->wants_events()) observer_->on_lost(flight_of(message.event), now_ns_);
      return;
    case Network::Fate::kHeld: held_.push_back(std::move(message)); return;
    case Network::Fate::kDelivered: break;
  }
  // A client and its node have one connection, which delivers exactly once.
  if (verdict.copies > 1 && message.leg != Leg::kClient) {
    queue_.push(now_ns_ + verdict.after_ns[1], Scheduled(message.event));
  }
  queue_.push(now_ns_ + verdict.after_ns[0], std::move(message.event));
}

void World::send_message(NodeId from, Send&& send) {
  DKV_ASSERT(send.to < machines_.size());
  const Leg leg = leg_of(send.message);
  if (!fits_into_frame(send.message)) {
    ++counters_.messages_lost;
    return;
  }
  if (options_.codec) {
    frame_.clear();
    encode_frame(send.message, frame_);
    Result<Message> decoded = decode_frame(frame_);
    DKV_ASSERT(decoded);
    send.message = std::move(*decoded);
  }
  transmit(from, send.to, leg, Delivery{from, send.to, std::move(send.message)});
}

void World::settle_next(NodeId node) {
  RecordLedger& records = machines_[node].records;
  oracle_.durable(node, records.next(), now_ns_);
  if (acknowledges_unsynced()) machines_[node].synced.acknowledged(records.all_pending().front());
  records.settle_next();
}

// Connections are TCP: without its process, a machine with power refuses what comes.
void World::on(Delivery& delivery, Scheduled& event) {
  const NodeId to = delivery.to;
  if (!machines_[to].node && machines_[to].powered && event.slowed_in == 0) return reset(to, delivery.from);
  if (held_back(to, event)) return;
  give(to, {.incarnation = machines_[to].incarnation, .what = Received{delivery.from, std::move(delivery.message)}});
}

void World::on(ConnectionEnds& ends, Scheduled& event) {
  if (!held_back(ends.node, event)) give(ends.node, {.incarnation = ends.incarnation, .what = PeerLost{ends.peer}});
}

void World::on(TimerDue& due, Scheduled& event) {
  if (!held_back(due.node, event)) give(due.node, {.incarnation = due.incarnation, .what = due.timer});
}

void World::on(RequestArrives& arrives, Scheduled& event) {
  const NodeId node = arrives.node;
  if (!machines_[node].node && event.slowed_in == 0) {
    const ClientReply nobody{.outcome = Outcome::kRefused, .reason = Reason::kNotReady};
    if (Questions::is_token(arrives.token)) return answered(arrives.token, nobody);
    return transmit(node, clients_.home(arrives.token), Leg::kClient, ReplyArrives{arrives.token, true, node, {}});
  }
  if (held_back(node, event)) return;
  give(node,
       {.incarnation = machines_[node].incarnation, .what = ClientAsked{arrives.token, std::move(arrives.request)}});
}

void World::on(ReplyArrives& arrives, Scheduled&) {
  if (arrives.connection_refused) {
    clients_.connection_refused(arrives.token, *this);
  } else {
    if (arrives.reply.reason == Reason::kStorageFull) ++counters_.refused_full;
    clients_.replied(arrives.token, arrives.reply, *this);
  }
}

void World::ask(NodeId home, NodeId via, std::uint64_t token, ClientRequest&& request) {
  transmit(home, via, Leg::kClient, RequestArrives{via, token, std::move(request)});
}
void World::on(Poll&, Scheduled&) {
  const bool settled =
      clients_.idle() && std::ranges::all_of(machines_, [](const Machine& machine) {
        return machine.node && machine.node->phase() == Node::Phase::kServing && machine.records.idle();
      });
  if (settled && oracle_.converged(images())) return end_run(true);
  if (now_ns_ >= scenario_->run_ns + scenario_->heal_within_ns) return end_run(false);
  push(now_ns_ + kPollEveryNs, Poll{});
}

void World::end_run(bool converged) {
  phase_ = Phase::kEnded;
  if (converged) converged_at_ns_ = now_ns_;
  for (const Machine& machine : machines_) {
    if (machine.node) counters_.stores.add(machine.node->store().stats());
    counters_.disk_bytes += machine.folder.total_bytes();
  }
  for (NodeId node = 0; node < machines_.size() && traits_.uses_disk && oracle_.judges(); ++node) {
    if (!audit(node).disk_failed()) {
      audit(node).last_power_loss(Stream(seed_, Purpose::kPowerLoss, ++damage_draws_));
    }
  }
  for (std::uint32_t i = 0; i < schedule().size(); ++i) {
    const FaultLayer layer = traits_of(schedule()[i].kind).layer;
    const bool idle =
        (layer == FaultLayer::kNetwork && !network_.touched(i)) || (layer == FaultLayer::kDisk && !traits_.uses_disk);
    if (idle) counters_.idle_faults.push_back(i);
  }
  oracle_.judge(images(), !converged, now_ns_);
  for (const Machine& machine : machines_) {
    for (const Record& record : machine.records.durable().records()) {
      fingerprint_ = hash_combine(fingerprint_, record.key.hash());
      fingerprint_ = hash_combine(fingerprint_, record.object ? record.object->digest() : record.identity.actor.epoch);
    }
  }
  if (converged) AfterEnd::judge(*this);
  if (observer_ && converged) observer_->on_converged(now_ns_);
}

}  // namespace dkv::sim
