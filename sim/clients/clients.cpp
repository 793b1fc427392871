#include "sim/clients/clients.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "engine/core/assert.h"
#include "sim/clients/client_values.h"

namespace dkv::sim {
namespace {

Distribution arrival_gaps(const WorkloadSpec& spec) {
  return Distribution::exponential(kSecond / std::max<TimeNs>(spec.rate_per_s, 1));
}

// A client waits a little longer than the coordinator, because the coordinator's time-out gives the better answer.
TimeNs patience_ns(const Scenario& scenario) {
  return scenario.cluster.request_timeout_ns + scenario.cluster.request_timeout_ns / 2;
}

}  // namespace

Clients::Clients(const Clients&) = default;
Clients::Clients(Clients&&) noexcept = default;
Clients& Clients::operator=(const Clients&) = default;
Clients& Clients::operator=(Clients&&) noexcept = default;
Clients::~Clients() = default;

Clients::Clients(std::shared_ptr<const Scenario> scenario, std::uint64_t seed)
    : scenario_(std::move(scenario)),
      chooser_(spec().choice, std::max<std::uint32_t>(spec().keys, 1), spec().zipf_thousandths),
      gaps_(arrival_gaps(spec())) {
  draw_from(seed);
  if (spec().mix.forge > 0) forger_ = std::make_shared<const Forger>(seed);
  std::vector<Key> keys;
  std::map<std::pair<std::string, std::string>, std::uint32_t> index;
  const auto add = [&](const std::string& name, const std::string& bucket = std::string(kDefaultBucket)) {
    const auto [place, added] = index.try_emplace({bucket, name}, static_cast<std::uint32_t>(keys.size()));
    if (added) keys.push_back(*Key::make(bucket, name));
    return place->second;
  };
  if (spec().clients > 0) {
    for (std::uint32_t i = 0; i < spec().keys; ++i) add("k" + std::to_string(i));
  }
  for (const Step& step : spec().steps) step_keys_.push_back(add(step.key, step.bucket));
  keys_ = std::make_shared<const std::vector<Key>>(std::move(keys));
  build_sessions();
}

void Clients::draw_from(std::uint64_t seed) noexcept {
  arrivals_ = Stream(seed, Purpose::kClientArrival);
  choices_ = Stream(seed, Purpose::kClientChoice);
  forgeries_ = Stream(seed, Purpose::kForgery);
}

void Clients::build_sessions() {
  const auto nodes = static_cast<std::uint32_t>(scenario_->cluster.members.size());
  sessions_.resize(spec().clients);
  std::map<std::string, std::uint32_t> named;
  for (std::uint32_t i = 0; i < spec().steps.size(); ++i) {
    const auto [place, added] =
        named.try_emplace(spec().steps[i].session, static_cast<std::uint32_t>(sessions_.size()));
    if (added) sessions_.emplace_back().name = place->first;
    sessions_[place->second].steps.push_back(i);
  }
  for (std::uint32_t i = 0; i < sessions_.size(); ++i) {
    sessions_[i].home = scripted(i) ? (i - spec().clients) % nodes : i % nodes;
  }
}

void Clients::start(ClientHost& host) {
  for (std::uint32_t i = 0; i < sessions_.size(); ++i) {
    Session& session = sessions_[i];
    if (scripted(i)) {
      session.begin_ns = spec().steps[session.steps.front()].at_ns;
      host.wake_to_begin(i, session.begin_ns);
    } else if (spec().shape == LoadShape::kClosed) {
      session.begin_ns = spec().start_ns + spec().think.at(arrivals_.next());
      host.wake_to_begin(i, session.begin_ns);
    } else {
      free_.push_back(i);
    }
  }
  if (spec().clients > 0 && spec().shape == LoadShape::kOpen) {
    host.next_arrival(spec().start_ns + gaps_.at(arrivals_.next()));
  }
}

void Clients::stop() {
  stopped_ = true;
  for (const Session& session : sessions_) {
    for (std::size_t i = session.next_step + (session.busy ? 1 : 0); i < session.steps.size(); ++i) {
      failed_steps_.push_back({&spec().steps[session.steps[i]], "the run ended before it could begin"});
    }
  }
}

void Clients::arrival(ClientHost& host) {
  if (stopped_) return;
  if (free_.empty()) {
    backlog_.push_back(host.now_ns());
  } else {
    const std::uint64_t place = choices_.below(free_.size());
    const std::uint32_t session = free_[place];
    free_[place] = free_.back();
    free_.pop_back();
    begin_random(session, host.now_ns(), host);
  }
  host.next_arrival(host.now_ns() + std::max<TimeNs>(gaps_.at(arrivals_.next()), 1));
}

void Clients::begin_due(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  if (stopped_ || session.busy || session.begin_ns != host.now_ns()) return;
  if (scripted(number)) {
    begin_step(number, host);
  } else {
    begin_random(number, host.now_ns(), host);
  }
}

void Clients::give_up_due(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  session.give_up_armed = false;
  if (!session.busy) return;
  if (session.give_up_ns <= host.now_ns()) return finish(number, nullptr, host);
  session.give_up_armed = true;
  host.wake_to_give_up(number, session.give_up_ns);
}

Clients::Plan Clients::draw_plan() {
  const Mix& mix = spec().mix;
  const std::uint32_t weights[] = {mix.get, mix.put, mix.blind_put, mix.update, mix.remove, mix.forge};
  std::uint64_t total = 0;
  for (const std::uint32_t weight : weights) total += weight;
  std::uint64_t draw = choices_.below(std::max<std::uint64_t>(total, 1));
  for (std::uint32_t i = 0; i < std::size(weights); ++i) {
    if (draw < weights[i]) return static_cast<Plan>(i);
    draw -= weights[i];
  }
  return Plan::kGet;
}

void Clients::begin_random(std::uint32_t number, TimeNs due_ns, ClientHost& host) {
  Session& session = sessions_[number];
  session.plan = draw_plan();
  session.second_half = false;
  session.due_ns = due_ns;
  session.key_index = chooser_.pick(choices_);
  if (session.plan == Plan::kPut || session.plan == Plan::kBlindPut) {
    start_write(number, {.blind = session.plan == Plan::kBlindPut}, host);
  } else {
    start_get(number, host);
  }
}

void Clients::begin_step(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  const std::uint32_t index = session.steps[session.next_step];
  session.step = &spec().steps[index];
  session.second_half = false;
  session.due_ns = host.now_ns();
  session.key_index = step_keys_[index];
  const Step& step = *session.step;
  if (step.kind == StepKind::kPut || step.kind == StepKind::kDelete) {
    start_write(number,
                {.blind = step.blind,
                 .remove = step.kind == StepKind::kDelete,
                 .value = filled_value(step.value, step.value_bytes)},
                host);
  } else {
    start_get(number, host);
  }
}

ClientRequest Clients::request_for(const Session& session) const {
  const ClusterSpec& cluster = scenario_->cluster;
  const bool read = session.kind == OperationKind::kGet;
  ClientRequest request{.mode = cluster.mode,
                        .need = read ? cluster.read_need : cluster.write_need,
                        .need_primary = read ? cluster.read_primary : cluster.write_primary,
                        .timeout_ms = static_cast<std::uint32_t>(cluster.request_timeout_ns / kMillisecond),
                        .key = (*keys_)[session.key_index]};
  if (session.step) {
    // The settings of an addition apply to its put. Its get is an ordinary read.
    if (session.step->need && read == (session.step->kind == StepKind::kGet)) request.need = *session.step->need;
    if (session.step->mode) request.mode = *session.step->mode;
  }
  return request;
}

void Clients::start_get(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  session.kind = OperationKind::kGet;
  session.tag = 0;
  session.value = Blob();
  session.request = request_for(session);
  session.request.kind = RequestKind::kGet;
  session.read = host.oracle().read_started(
      {.session = number, .key_index = session.key_index, .primary_need = primary_need(session.request)},
      session.request.key, host.now_ns());
  send(number, host);
}

void Clients::start_write(std::uint32_t number, const WritePlan& plan, ClientHost& host) {
  Session& session = sessions_[number];
  session.kind = plan.remove ? OperationKind::kDelete : OperationKind::kPut;
  session.request = request_for(session);
  session.request.kind = plan.remove ? RequestKind::kDelete : RequestKind::kPut;
  Seen seen;
  if (const auto known = session.memory.find(session.key_index); !plan.blind && known != session.memory.end()) {
    session.request.context = known->second.context;
    seen = known->second.seen;
  }
  if (plan.forged) session.request.context = *plan.forged;
  if (!plan.remove) session.request.ttl_ns = session.step ? session.step->ttl_ns : spec().ttl_ns;
  session.tag = host.oracle().write_started({.session = number,
                                             .key_index = session.key_index,
                                             .remove = plan.remove,
                                             .ttl_ns = lifetime_ns(session.request),
                                             .need = session.request.need,
                                             .primary_need = primary_need(session.request),
                                             .seen = std::move(seen)},
                                            session.request.key, host.now_ns());
  session.request.tag = session.tag;
  if (session.step && session.key_index < spec().keys) step_tags_.push_back(session.tag);
  if (plan.remove) {
    session.value = Blob();
  } else {
    session.value = plan.value ? *plan.value : tagged_value(session.tag, spec().value_bytes);
  }
  session.request.value = session.value;
  send(number, host);
}

// The time to live of the value; 0: no end.
TimeNs Clients::lifetime_ns(const ClientRequest& request) const {
  if (request.kind != RequestKind::kPut || request.ttl_ns == kTtlForever) return 0;
  if (request.ttl_ns != 0) return request.ttl_ns;
  return properties_of(scenario_->cluster.node.buckets, request.key.bucket()).ttl_ns;
}

NodeId Clients::pick_node(Session& session) {
  if (session.step) return session.step->via.value_or(session.home);
  if (spec().connect == Connect::kHome) return session.home;
  return static_cast<NodeId>(choices_.below(scenario_->cluster.members.size()));
}

void Clients::send(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  if (!session.busy) ++busy_;
  session.busy = true;
  session.tries = 1;
  session.started_ns = host.now_ns();
  session.give_up_ns = host.now_ns() + patience_ns(*scenario_);
  session.via = pick_node(session);
  // A client that names a node is at that node. A cut between that node and the session's earlier home does not
  // concern it.
  if (session.step && session.step->via) session.home = session.via;
  ++session.serial;
  if (!session.give_up_armed) {
    session.give_up_armed = true;
    host.wake_to_give_up(number, session.give_up_ns);
  }
  host.ask(session.home, session.via, std::uint64_t{number} << 32 | session.serial, ClientRequest(session.request));
}

void Clients::connection_refused(std::uint64_t token, ClientHost& host) {
  const auto number = static_cast<std::uint32_t>(token >> 32);
  Session& session = sessions_[number];
  if (!session.busy || session.serial != static_cast<std::uint32_t>(token)) return;
  const auto nodes = static_cast<std::uint32_t>(scenario_->cluster.members.size());
  const bool bound = session.step && session.step->via;
  if (bound || session.tries >= nodes) {
    const ClientReply nobody{.outcome = Outcome::kRefused, .reason = Reason::kNotReady};
    return finish(number, &nobody, host);
  }
  ++session.tries;
  session.via = (session.via + 1) % nodes;
  host.ask(session.home, session.via, token, ClientRequest(session.request));
}

void Clients::replied(std::uint64_t token, const ClientReply& reply, ClientHost& host) {
  const auto number = static_cast<std::uint32_t>(token >> 32);
  DKV_ASSERT(number < sessions_.size());
  const Session& session = sessions_[number];
  if (session.busy && session.serial == static_cast<std::uint32_t>(token)) finish(number, &reply, host);
}

void Clients::finish(std::uint32_t number, const ClientReply* reply, ClientHost& host) {
  Session& session = sessions_[number];
  const TimeNs now_ns = host.now_ns();
  const bool done = reply && reply->outcome == Outcome::kDone;
  const auto kind = static_cast<std::size_t>(session.kind);
  Oracle& oracle = host.oracle();
  Seen seen = session.kind == OperationKind::kGet ? oracle.read_finished(session.read, reply, now_ns)
                                                  : oracle.write_finished(session.tag, reply, now_ns);
  if (done) {
    ++counts_[kind].ok;
    const TimeNs due_ns = session.second_half ? session.started_ns : session.due_ns;
    latency_[kind].add(now_ns - due_ns);
    service_[kind].add(now_ns - session.started_ns);
    waiting_.add(session.started_ns - due_ns);
    if (session.kind == OperationKind::kGet) check_values(session, *reply, now_ns);
    if (!reply->context.seen.empty()) session.memory[session.key_index] = {reply->context, std::move(seen)};
    // The keys of steps come after those of the load, and the chooser knows only the latter.
    if (session.kind != OperationKind::kGet && session.key_index < spec().keys)
      chooser_.note_written(session.key_index);
  } else {
    ++(reply && reply->outcome == Outcome::kRefused ? counts_[kind].refused : counts_[kind].unknown);
  }
  if (Observer* observer = host.observer()) {
    observer->on_operation({.due_ns = session.second_half ? session.started_ns : session.due_ns,
                            .started_ns = session.started_ns,
                            .finished_ns = now_ns,
                            .kind = session.kind,
                            .session = number,
                            .session_name = scripted(number) ? session.name.c_str() : nullptr,
                            .via = session.via,
                            .key = &session.request.key,
                            .value = session.kind == OperationKind::kPut ? &session.value : nullptr,
                            .tag = session.tag,
                            .reply = reply,
                            .step = session.step});
  }
  if (done && session.kind == OperationKind::kGet && continue_plan(number, *reply, host)) return;
  if (session.step) check_step(session, reply);
  rest(number, host);
}

// Sends the write after the get of an update, a removal or an addition. False when none follows.
bool Clients::continue_plan(std::uint32_t number, const ClientReply& reply, ClientHost& host) {
  Session& session = sessions_[number];
  const bool nothing = !reply.object || reply.object->deleted();
  const bool add = session.step && session.step->kind == StepKind::kAdd;
  const bool update = session.plan == Plan::kUpdate;
  const bool remove = session.plan == Plan::kRemove && !nothing;
  if (session.plan == Plan::kForge) return write_forged(number, reply, host);
  if (!add && !update && !remove) return false;
  session.second_half = true;
  WritePlan plan{.blind = !reply.object, .remove = remove};
  if (add) plan.value = Blob(union_of_items(reply.object, session.step->value));
  if (update && session.step) plan.value = Blob(session.step->value);
  start_write(number, plan, host);
  return true;
}

void Clients::rest(std::uint32_t number, ClientHost& host) {
  Session& session = sessions_[number];
  session.busy = false;
  --busy_;
  if (scripted(number)) {
    session.step = nullptr;
    if (++session.next_step >= session.steps.size() || stopped_) return;
    session.begin_ns = std::max(host.now_ns() + 1, spec().steps[session.steps[session.next_step]].at_ns);
    return host.wake_to_begin(number, session.begin_ns);
  }
  if (stopped_) return;
  if (spec().shape == LoadShape::kClosed) {
    session.begin_ns = host.now_ns() + std::max<TimeNs>(spec().think.at(arrivals_.next()), 1);
    return host.wake_to_begin(number, session.begin_ns);
  }
  if (backlog_.empty()) {
    free_.push_back(number);
    return;
  }
  const TimeNs due_ns = backlog_.front();
  backlog_.pop_front();
  begin_random(number, due_ns, host);
}

void Clients::check_values(const Session& session, const ClientReply& reply, TimeNs now_ns) {
  if (!reply.object) return;
  std::uint64_t live = 0;
  for (const Sibling& sibling : reply.object->siblings()) {
    if (sibling.tombstone) continue;
    ++live;
    if (session.step || carries_tag(sibling.value, sibling.tag, spec().value_bytes)) continue;
    if (std::ranges::binary_search(step_tags_, sibling.tag)) continue;
    ++wrong_value_count_;
    if (wrong_values_.size() >= Oracle::kViolationsMax) continue;
    wrong_values_.push_back(
        {.invariant = Invariant::kNoLostWrite,
         .breach = Breach::kUnwritten,
         .at_ns = now_ns,
         .node = session.via,
         .key = std::string(session.request.key.key()),
         .detail = "a get returned bytes that differ from those of write #" + std::to_string(sibling.tag),
         .writes = {sibling.tag}});
  }
  siblings_read_max_ = std::max(siblings_read_max_, live);
}

void Clients::check_step(Session& session, const ClientReply* reply) {
  if (std::string why = broken_expectation(session.step->expect, reply); !why.empty()) {
    failed_steps_.push_back({session.step, std::move(why)});
  }
}

}  // namespace dkv::sim
