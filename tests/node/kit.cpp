#include "tests/node/kit.h"

#include <algorithm>

namespace dkv::testing {

BenchOptions without_timers(std::uint32_t nodes) {
  BenchOptions options{.nodes = nodes};
  options.config.hints_every_ns = 0;
  options.config.anti_entropy_every_ns = 0;
  options.config.reap_every_ns = 0;
  return options;
}

BenchOptions reaping(std::uint32_t nodes) {
  BenchOptions options{.nodes = nodes};
  options.config.heartbeat_every_ns = 100 * kMillisecond;
  options.config.unreachable_after_ns = kSecond;
  options.config.hints_every_ns = 200 * kMillisecond;
  options.config.reap_every_ns = 200 * kMillisecond;
  options.config.anti_entropy_every_ns = kSecond;
  return options;
}

Bench::Bench(const BenchOptions& options) {
  std::vector<Member> members;
  for (NodeId id = 0; id < options.nodes; ++id) members.push_back({.id = id, .name = "node" + std::to_string(id)});
  placement_ = *Placement::make(members, options.partitions, options.replicas);
  hosts_.resize(options.nodes);
  for (NodeId id = 0; id < options.nodes; ++id) {
    hosts_[id].config = options.config;
    hosts_[id].config.id = id;
    hosts_[id].config.placement = placement_;
    hosts_[id].seed = 1000 + id;
  }
  focus("k");
  for (NodeId id = 0; id < options.nodes; ++id) start(id);
  settle();
  advance(options.config.heartbeat_every_ns);
  take_trace();
}

std::vector<NodeId> Bench::list(std::string_view name) const {
  const auto list = placement_->preference_list(placement_->partition(key_of(name).hash()));
  return {list.begin(), list.end()};
}

void Bench::focus(std::string_view key) {
  const std::vector<NodeId> order = list(key);
  letters_.assign(order.size(), '?');
  for (std::size_t i = 0; i < order.size(); ++i) letters_[order[i]] = static_cast<char>('A' + i);
}

void Bench::start(NodeId id) {
  Host& host = hosts_[id];
  ++host.incarnation;
  host.node.emplace(host.config, host.incarnation);
  give(id, Start{.seed = host.seed});
}

void Bench::crash(NodeId id) {
  hosts_[id].node.reset();
  hosts_[id].folder.lose_power();
}

void Bench::restart(NodeId id) {
  crash(id);
  start(id);
  settle();
}

void Bench::wipe(NodeId id) {
  hosts_[id].folder.files.clear();
  hosts_[id].seed += 77'000;
}

void Bench::run_disk(NodeId id, std::size_t most) {
  for (; most > 0; --most) {
    auto done = hosts_[id].folder.carry_out();
    if (!done) return;
    give(id, std::move(*done));
  }
}

void Bench::fail_disk(NodeId id) {
  StringDisk& folder = hosts_[id].folder;
  REQUIRE_FALSE(folder.waiting.empty());
  folder.fail_syncs = true;
  run_disk(id);
  folder.fail_syncs = false;
}

ObjectPtr Bench::on_disk(NodeId id, std::string_view key) {
  StringDisk folder = hosts_[id].folder;
  folder.lose_power();
  Storage store(hosts_[id].config.storage, placement_->partitions(), 0);
  Outbox out;
  ObjectPtr object;
  const auto run = [&] {
    do {
      for (DiskRequest& request : out.disk_requests()) folder.waiting.push_back(std::move(request));
      out.clear();
      if (auto done = folder.carry_out()) store.handle(std::move(*done), out);
      while (const auto event = store.next_event()) {
        if (const auto* fetched = std::get_if<StoreFetched>(&*event)) object = fetched->object;
      }
    } while (!out.empty() || !folder.waiting.empty());
  };
  store.start(out);
  run();
  REQUIRE(store.open());
  const StoreFetch fetch = store.fetch(key_of(key), out);
  if (fetch.id == 0) return fetch.object;
  run();
  REQUIRE(object);
  return object;
}

void Bench::isolate(NodeId id) {
  for (NodeId other = 0; other < hosts_.size(); ++other) {
    cut(id, other);
    cut(other, id);
  }
}

void Bench::release_held() {
  hold = nullptr;
  std::move(held.begin(), held.end(), std::back_inserter(flying));
  held.clear();
}

void Bench::deliver_next() {
  const Envelope envelope = std::move(flying.front());
  flying.pop_front();
  deliver(envelope);
}

void Bench::settle() {
  for (bool moved = true; moved;) {
    moved = false;
    for (NodeId id = 0; id < hosts_.size(); ++id) {
      if (!hosts_[id].syncs_by_itself || hosts_[id].folder.waiting.empty()) continue;
      run_disk(id);
      moved = true;
    }
    for (; !flying.empty(); moved = true) deliver_next();
  }
}

void Bench::advance(TimeNs by_ns) {
  const TimeNs end_ns = now_ns + by_ns;
  while (fire_next(end_ns)) settle();
  now_ns = end_ns;
}

bool Bench::fire_next(TimeNs until_ns) {
  if (timers_.empty() || timers_.begin()->first.first > until_ns) return false;
  const Timer timer = timers_.begin()->second;
  now_ns = std::max(now_ns, timers_.begin()->first.first);
  timers_.erase(timers_.begin());
  give(timer.node, timer.fired, timer.incarnation);
  return true;
}

ClientToken Bench::ask(NodeId id, ClientRequest request) {
  give(id, ClientAsked{++last_token_, std::move(request)});
  return last_token_;
}

std::optional<ClientReply> Bench::reply(ClientToken token) const {
  const auto found = replies_.find(token);
  return found == replies_.end() ? std::nullopt : std::optional(found->second);
}

ClientReply Bench::call(NodeId id, ClientRequest request) {
  const ClientToken token = ask(id, std::move(request));
  settle();
  const auto answer = reply(token);
  REQUIRE(answer);
  return *answer;
}

std::size_t Bench::count(Observed what) const {
  std::size_t count = 0;
  for (const auto& [node, observation] : observed) count += observation.what == what ? 1 : 0;
  return count;
}

void Bench::forget_counts() {
  sent_.clear();
  observed.clear();
}

void Bench::carry_out(NodeId id, Send send) {
  ++sent_[send.message.index()];
  const std::string words = words_for(send.message, letters_);
  if (!words.empty()) note(letter(id) + ">" + letter(send.to) + " " + words);
  if (const auto* put = std::get_if<ReplicaPut>(&send.message)) check_dots(put->key, put->object);
  Envelope envelope{id, send.to, std::move(send.message)};
  if (cuts_.contains({id, envelope.to}) || (lose && lose(envelope))) return;
  (hold && hold(envelope) ? held : flying).push_back(std::move(envelope));
}

void Bench::carry_out(NodeId id, Reply reply) {
  note(letter(id) + " " + words_for(reply.reply));
  INFO("a client is answered twice");
  REQUIRE(replies_.emplace(reply.token, std::move(reply.reply)).second);
}

void Bench::carry_out(NodeId id, SetTimer timer) {
  REQUIRE(timer.after_ns >= 1);
  timers_.emplace(std::pair(now_ns + timer.after_ns, ++timer_order_),
                  Timer{id, hosts_[id].incarnation, {timer.kind, timer.serial}});
}

void Bench::carry_out(NodeId id, Append append) {
  if (append.record.object) check_dots(append.record.key, append.record.object);
  note(letter(id) + " " + words_for(append.record, letters_));
}

void Bench::check_dots(const Key& key, const ObjectPtr& object) {
  for (const Sibling& sibling : object->siblings()) {
    if (sibling.cold_bytes > 0 || (sibling.tombstone && sibling.expires_wall_ns != 0)) continue;
    const std::pair named(std::string(sibling.value.view()), sibling.hlc.packed);
    INFO("a dot is issued twice");
    REQUIRE(dots_.emplace(std::pair(key, sibling.dot), named).first->second == named);
  }
}

Bench::~Bench() = default;

void Bench::deliver(const Envelope& envelope) {
  hand_over(envelope.to, Received{envelope.from, envelope.message}, std::nullopt);
}

// A message that a test writes by hand is meant for the node's present life and era.
void Bench::give(NodeId id, decltype(Event::what) what, std::optional<Incarnation> incarnation) {
  if (auto* received = std::get_if<Received>(&what); received && hosts_[id].node) {
    const auto address = [&](Stamp& stamp) {
      if (stamp.to_incarnation == 0) stamp = {hosts_[id].incarnation, hosts_[id].node->eras().current()};
    };
    if (auto* put = std::get_if<ReplicaPut>(&received->message)) address(put->stamp);
    if (auto* objects = std::get_if<AntiEntropyObjects>(&received->message)) address(objects->stamp);
  }
  hand_over(id, std::move(what), incarnation);
}

void Bench::hand_over(NodeId id, decltype(Event::what) what, std::optional<Incarnation> incarnation) {
  Host& host = hosts_[id];
  if (!host.node) return;
  Outbox out;
  const TimeNs wall_ns = now_ns + wall_offset_ns + host_wall_ahead_ns[id];
  host.node->handle(Event{incarnation.value_or(host.incarnation), now_ns, wall_ns, std::move(what)}, out);
  for (Effect& effect : out.effects()) {
    std::visit([&](auto& what_to_do) { carry_out(id, std::move(what_to_do)); }, effect);
  }
  for (DiskRequest& request : out.disk_requests()) host.folder.waiting.push_back(std::move(request));
}

void make_unreachable(Bench& bench, NodeId node) {
  bench.crash(node);
  bench.advance(4 * kSecond);
  bench.take_trace();
}

}  // namespace dkv::testing
