#include "sim/watch/witness.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/faults/catalogue.h"
#include "sim/faults/links.h"

namespace dkv::sim {
namespace {

constexpr std::size_t kOpsMax = 8192;
constexpr std::size_t kDamagesMax = 1024;

bool carries(const ObjectPtr& object, WriteTag tag) {
  return object && std::ranges::find(object->siblings(), tag, &Sibling::tag) != object->siblings().end();
}

bool ends_process(NodeChange change) {
  return change == NodeChange::kCrashed || change == NodeChange::kLostPower || change == NodeChange::kWiped;
}

}  // namespace

Witness::Witness(const Scenario& scenario) : scenario_(&scenario) {
  const ClusterSpec& cluster = scenario.cluster;
  auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
  DKV_ASSERT(placement);  // the scenario loader has checked the members
  placement_ = *placement;
  unreachable_.resize(cluster.members.size() * cluster.members.size());
  ended_.resize(cluster.members.size());
}

bool Witness::is_primary(const Key& key, NodeId node) const {
  return std::ranges::count(placement_->primaries(placement_->partition(key.hash())), node) > 0;
}

Witness::Written* Witness::written(WriteTag tag) {
  const auto found = writes_.find(tag);
  return found == writes_.end() ? nullptr : &found->second;
}

Witness::Copy& Witness::copy_at(Written& written, NodeId node) {
  const auto found = std::ranges::find(written.copies, node, &Copy::node);
  if (found != written.copies.end()) return *found;
  return written.copies.emplace_back(Copy{.node = node});
}

void Witness::on_event(const EventView& view) {
  event_ = view.number;
  now_ns_ = view.at_ns;
  token_ = 0;
  if (delivered_) answered_.erase(*delivered_);
  delivered_.reset();
  if (view.kind == EventKind::kReply) {
    delivered_ = static_cast<std::uint32_t>(view.detail >> 32);
  } else if (view.kind == EventKind::kRequest && view.taken == EventView::Taken::kNow) {
    if (view.request->kind == RequestKind::kGet) begin_get(view.detail, view.node);
  } else if (view.kind == EventKind::kMessage) {
    message_arrives(view);
  }
}

void Witness::begin_get(std::uint64_t token, NodeId coordinator) {
  token_ = token;
  const auto known = gets_.find(token);
  // A network may deliver a forwarded request twice.
  if (known != gets_.end() && known->second.coordinator == coordinator) return;
  if (known == gets_.end()) gets_begun_.push_back(token);
  Get& get = gets_[token];
  get.coordinator = coordinator;
  get.begun = now();
  get.replies.clear();
  while (gets_.size() > kGetsMax || gets_begun_.size() > 4 * kGetsMax) {
    if (const auto oldest = gets_.find(gets_begun_.front()); oldest != gets_.end()) {
      for (const OpName& op : oldest->second.ops) ops_.erase(op);
      gets_.erase(oldest);
    }
    gets_begun_.pop_front();
  }
}

void Witness::message_arrives(const EventView& view) {
  const bool taken = view.taken == EventView::Taken::kNow;
  if (const auto* put = std::get_if<ReplicaPut>(view.message)) {
    if (put->reason != CopyReason::kWrite) return;
    for (const Sibling& sibling : put->object->siblings()) {
      Written* known = written(sibling.tag);
      if (!known) continue;
      Copy& copy = copy_at(*known, view.node);
      Moment& moment = taken ? copy.arrived : view.taken == EventView::Taken::kNobody ? copy.nobody : copy.held;
      if (moment.event == 0) moment = now();
    }
  } else if (const auto* forward = std::get_if<Forward>(view.message); forward && taken) {
    const auto token = ops_.find({view.from, forward->op});
    if (token != ops_.end() && forward->request.kind == RequestKind::kGet) begin_get(token->second, view.node);
  } else if (const auto* reply = std::get_if<ReplicaGetReply>(view.message); reply && taken) {
    const auto token = ops_.find({view.node, reply->op});
    const auto found = token == ops_.end() ? gets_.end() : gets_.find(token->second);
    if (found == gets_.end() || found->second.coordinator != view.node) return;
    Get& get = found->second;
    if (std::ranges::count(get.replies, view.from, &Reply::node) > 0) return;
    const auto given = get.given.find(view.from);
    get.replies.push_back({view.from, given == get.given.end() ? Moment{} : given->second, reply->object});
  }
}

void Witness::on_turn(NodeId node, std::span<const Effect> effects, TimeNs now_ns) {
  now_ns_ = now_ns;
  for (const Effect& effect : effects) {
    if (const auto* append = std::get_if<Append>(&effect)) {
      if (append->record.space == KeySpace::kObjects) stored(node, append->record);
    } else if (const auto* send = std::get_if<Send>(&effect)) {
      sent(node, *send);
    } else if (const auto* reply = std::get_if<dkv::Reply>(&effect)) {
      close(reply->token, reply->reply);
    }
  }
}

void Witness::stored(NodeId node, const Record& record) {
  if (record.object) {
    for (const Sibling& sibling : record.object->siblings()) {
      const auto [place, added] = writes_.try_emplace(sibling.tag);
      if (!added) continue;
      Written& fresh = place->second;
      fresh.coordinator = node;
      fresh.begun = now();
      fresh.key = record.key;
      const std::size_t nodes = ended_.size();
      for (NodeId peer = 0; peer < nodes; ++peer) {
        if (unreachable_[node * nodes + peer] != 0) fresh.unreachable.push_back(peer);
      }
      by_key_[record.key].push_back(sibling.tag);
    }
  }
  const auto of_key = by_key_.find(record.key);
  if (of_key == by_key_.end()) return;
  for (const WriteTag tag : of_key->second) {
    Written& known = writes_.at(tag);
    const bool has = carries(record.object, tag);
    const auto copy = std::ranges::find(known.copies, node, &Copy::node);
    if (has) {
      Copy& here = copy_at(known, node);
      if (here.stored.event == 0 || here.dropped.event != 0) here.stored = now();
      here.dropped = {};
    } else if (copy != known.copies.end() && copy->stored.event != 0 && copy->dropped.event == 0) {
      copy->dropped = now();
    }
  }
  while (writes_.size() > kWritesMax) {
    const auto oldest = writes_.begin();
    const auto list = by_key_.find(oldest->second.key);
    std::erase(list->second, oldest->first);
    if (list->second.empty()) by_key_.erase(list);
    writes_.erase(oldest);
  }
}

void Witness::sent(NodeId from, const Send& send) {
  if (const auto* put = std::get_if<ReplicaPut>(&send.message)) {
    if (put->reason != CopyReason::kWrite) return;
    for (const Sibling& sibling : put->object->siblings()) {
      Written* known = written(sibling.tag);
      if (!known) continue;
      Copy& copy = copy_at(*known, send.to);
      // A later write's copy may carry this one as a sibling. The first copy that is not lost counts.
      if (copy.sent.event != 0 && copy.lost.event == 0) continue;
      copy.sent = now();
      copy.lost = {};
    }
  } else if (const auto* ask = std::get_if<ReplicaGet>(&send.message)) {
    const auto get = gets_.find(token_);
    if (get == gets_.end() || get->second.coordinator != from || ops_.size() >= kOpsMax) return;
    if (ops_.emplace(OpName{from, ask->op}, token_).second) get->second.ops.push_back({from, ask->op});
  } else if (const auto* answer = std::get_if<ReplicaGetReply>(&send.message)) {
    const auto token = ops_.find({send.to, answer->op});
    const auto get = token == ops_.end() ? gets_.end() : gets_.find(token->second);
    if (get != gets_.end()) get->second.given.emplace(from, now());
  } else if (const auto* forward = std::get_if<Forward>(&send.message)) {
    const auto get = gets_.find(token_);
    if (get == gets_.end() || ops_.size() >= kOpsMax) return;
    if (ops_.emplace(OpName{from, forward->op}, token_).second) get->second.ops.push_back({from, forward->op});
  } else if (const auto* back = std::get_if<ForwardReply>(&send.message)) {
    const auto token = ops_.find({send.to, back->op});
    if (token != ops_.end()) close(token->second, back->reply);
  }
}

// The coordinator has given its answer. What comes later did not count.
void Witness::close(std::uint64_t token, const ClientReply& reply) {
  const auto found = gets_.find(token);
  if (found == gets_.end()) return;
  Get get = std::move(found->second);
  gets_.erase(found);
  for (const OpName& op : get.ops) ops_.erase(op);
  get.counted = reply.acks.total;
  if (reply.outcome == Outcome::kDone) answered_[static_cast<std::uint32_t>(token >> 32)] = std::move(get);
}

void Witness::on_fault(const Fault& fault, bool begins, TimeNs) {
  if (traits_of(fault.kind).layer != FaultLayer::kNetwork) return;
  if (begins) {
    network_faults_.emplace(fault_number_, fault);
  } else {
    network_faults_.erase(fault_number_);
  }
}

void Witness::on_node(NodeId node, NodeChange change, TimeNs now_ns) {
  now_ns_ = now_ns;
  if (change == NodeChange::kWiped) ended_[node].disk = now();
  if (ends_process(change)) ended_[node].process = now();
  if (change != NodeChange::kStarted && !ends_process(change)) return;
  // A restarted node begins by trusting all peers.
  const std::size_t nodes = ended_.size();
  std::fill_n(unreachable_.begin() + static_cast<std::ptrdiff_t>(node * nodes), nodes, std::uint8_t{0});
}

void Witness::on_observation(NodeId node, const Observation& observation, TimeNs) {
  switch (observation.what) {
    case Observed::kPeerReachable: unreachable_[node * ended_.size() + observation.peer] = 0; break;
    case Observed::kPeerUnreachable: unreachable_[node * ended_.size() + observation.peer] = 1; break;
    case Observed::kDamageFound:
      if (!observation.key.empty() && damaged_.size() < kDamagesMax) damaged_[{node, observation.key}] = now();
      break;
    case Observed::kStaleDropped:
      if (const auto list = by_key_.find(observation.key); list != by_key_.end()) {
        for (const WriteTag tag : list->second) {
          Copy& copy = copy_at(writes_.at(tag), node);
          if (copy.arrived.event == event_ && copy.stored.event == 0) copy.late = now();
        }
      }
      break;
    default: break;
  }
}

std::optional<FaultKind> Witness::fault_on(NodeId from, NodeId to) const {
  std::optional<FaultKind> lossy;
  for (const auto& [number, fault] : network_faults_) {
    if (!hits_link(fault, from, to)) continue;
    if (fault.kind == FaultKind::kPartition || fault.kind == FaultKind::kOneWay) return fault.kind;
    if (fault.kind == FaultKind::kLoss) lossy = fault.kind;
  }
  // The network of the scenario may have taken it as well: then nobody knows.
  const NetworkSpec& network = scenario_->network;
  const bool loses = network.loss_ppm > 0 ||
                     std::ranges::any_of(network.rules, [](const LinkRule& rule) { return rule.loss_ppm.has_value(); });
  return loses ? std::nullopt : lossy;
}

void Witness::on_lost(const Flight& flight, TimeNs now_ns) {
  now_ns_ = now_ns;
  const auto* put = flight.message ? std::get_if<ReplicaPut>(flight.message) : nullptr;
  if (!put || put->reason != CopyReason::kWrite) return;
  for (const Sibling& sibling : put->object->siblings()) {
    Written* known = written(sibling.tag);
    if (!known) continue;
    Copy& copy = copy_at(*known, flight.to);
    copy.lost = now();
    copy.fault = fault_on(flight.from, flight.to);
  }
}

// The coordinator counted this answer, which the node gave in the event `upto`.
Answered Witness::explain(const Written* written, const Setback& stale, NodeId node, std::uint64_t upto,
                          const ObjectPtr& object) const {
  Answered answered{.node = node};
  const auto because = [&](Absence why, const Moment& moment) {
    answered.why = why;
    answered.at_ns = moment.at_ns;
    return answered;
  };
  if (carries(object, stale.write)) return because(Absence::kShown, {});
  if (!written || upto == 0) return answered;
  if (!is_primary(written->key, node)) return because(Absence::kStandIn, {});
  const auto copy = std::ranges::find(written->copies, node, &Copy::node);
  const Ended& ended = ended_[node];
  const bool lww = stale.by != 0;
  const auto between = [&](const Moment& moment, const Moment& from) {
    return moment.by(upto) && moment.event >= from.event;
  };
  if (copy != written->copies.end() && copy->stored.by(upto)) {
    if (copy->dropped.by(upto)) return lww ? because(Absence::kPrefers, copy->dropped) : answered;
    const auto damage = damaged_.find({node, written->key});
    if (damage != damaged_.end() && between(damage->second, copy->stored)) {
      return because(Absence::kDamaged, damage->second);
    }
    if (between(ended.disk, copy->stored)) return because(Absence::kDiskGone, ended.disk);
    if (between(ended.process, copy->stored)) return because(Absence::kProcessEnded, ended.process);
    return answered;
  }
  if (copy != written->copies.end()) {
    if (copy->late.by(upto)) return because(Absence::kTooLate, copy->late);
    if (copy->arrived.by(upto)) {
      if (lww) return because(Absence::kPrefers, copy->arrived);
      if (between(ended.process, copy->arrived)) return because(Absence::kProcessEnded, ended.process);
      return because(Absence::kNotStored, copy->arrived);
    }
    if (copy->nobody.by(upto)) return because(Absence::kDown, copy->nobody);
    if (copy->held.by(upto)) {
      return between(ended.process, copy->held) ? answered : because(Absence::kHeldBack, copy->held);
    }
    if (copy->lost.by(upto)) {
      answered.fault = copy->fault;
      return because(Absence::kLost, copy->lost);
    }
    if (copy->sent.by(upto)) return because(Absence::kOnItsWay, copy->sent);
    if (copy->sent.event != 0) return answered;  // an earlier copy was lost, and the record has only the last one
  }
  const bool unreachable = std::ranges::count(written->unreachable, node) > 0;
  return because(unreachable ? Absence::kUnreachable : Absence::kNotSent, written->begun);
}

StaleCause Witness::cause_of(const Setback& stale) const {
  DKV_ASSERT(stale.kind == SetbackKind::kStaleRead);
  StaleCause cause;
  const auto known = writes_.find(stale.write);
  const Written* written = known == writes_.end() ? nullptr : &known->second;
  if (written) cause.writer = written->coordinator;
  const auto found = answered_.find(stale.session);
  if (found == answered_.end()) return cause;
  const Get& get = found->second;
  cause.known = true;
  cause.coordinator = get.coordinator;
  // "Not found" of a stand-in does not count.
  std::vector<const Reply*> counted;
  for (const Reply& reply : get.replies) {
    if (reply.object || !written || is_primary(written->key, reply.node)) counted.push_back(&reply);
  }
  // A coordinator that is no primary reads its own hints.
  if (get.counted > counted.size()) {
    Answered own = explain(written, stale, get.coordinator, get.begun.event, {});
    own.own = true;
    cause.answered.push_back(own);
  }
  for (const Reply* reply : counted) {
    cause.answered.push_back(explain(written, stale, reply->node, reply->given.event, reply->object));
  }
  return cause;
}

}  // namespace dkv::sim
