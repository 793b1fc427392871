// A bench that holds a few nodes and carries their effects by hand: messages fly until they are delivered, appends
// wait until they are synced, time stands still until a test moves it.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/node/node.h"
#include "tests/catch.h"
#include "tests/node/kit_words.h"
#include "tests/storage/string_disk.h"

namespace dkv::testing {

struct Envelope {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Message message;
};

struct BenchOptions {
  std::uint32_t nodes = 3;
  std::uint32_t replicas = 3;
  std::uint32_t partitions = 8;
  NodeConfig config;  // id and placement are filled in
};

// Repair that runs on a timer stays out of the way of tests that are not about it.
inline BenchOptions without_timers(std::uint32_t nodes) {
  BenchOptions options{.nodes = nodes};
  options.config.hints_every_ns = 0;
  options.config.anti_entropy_every_ns = 0;
  return options;
}

class Bench {
 public:
  struct Host {
    NodeConfig config;
    Incarnation incarnation = 0;
    std::optional<Node> node;                                  // none: it is down
    std::deque<Append> queued;                                 // not yet durable
    std::map<std::tuple<KeySpace, NodeId, Key>, Record> disk;  // durable
    StringDisk folder;                                         // log backend: instead of the two above
    bool syncs_by_itself = true;
    std::uint64_t seed = 0;
  };

  // Every node has started and has heard all others.
  explicit Bench(const BenchOptions& options = {}) {
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

  // --- nodes -------------------------------------------------------------------------------------------------------
  Host& host(NodeId id) { return hosts_[id]; }
  Node& node(NodeId id) { return *hosts_[id].node; }
  std::size_t size() const { return hosts_.size(); }
  const Placement& placement() const { return *placement_; }

  // The key's preference list; primaries first. The trace calls these nodes A, B, C, ...
  std::vector<NodeId> list(std::string_view name) const {
    const auto list = placement_->preference_list(placement_->partition(key_of(name).hash()));
    return {list.begin(), list.end()};
  }
  void focus(std::string_view key) {
    const std::vector<NodeId> order = list(key);
    letters_.assign(order.size(), '?');
    for (std::size_t i = 0; i < order.size(); ++i) letters_[order[i]] = static_cast<char>('A' + i);
  }

  void start(NodeId id) {
    Host& host = hosts_[id];
    ++host.incarnation;
    host.node.emplace(host.config, host.incarnation);
    Start start{.seed = host.seed};
    if (!logs(id)) {
      for (const auto& [where, record] : host.disk) start.recovered.push_back(record);
    }
    give(id, std::move(start));
  }
  // Power loss: what was not durable is gone, and so are the timers.
  void crash(NodeId id) {
    hosts_[id].node.reset();
    hosts_[id].queued.clear();
    hosts_[id].folder.lose_power();
  }
  void restart(NodeId id) {
    crash(id);
    start(id);
    settle();
  }
  void wipe(NodeId id) {
    hosts_[id].disk.clear();
    hosts_[id].folder.files.clear();
    hosts_[id].seed += 77'000;
  }

  // --- disks -------------------------------------------------------------------------------------------------------
  bool logs(NodeId id) const { return hosts_[id].config.storage.backend == StorageBackend::kLog; }
  // Log backend: carries out what the disk was asked for, and what follows from that.
  void run_disk(NodeId id) {
    while (auto done = hosts_[id].folder.carry_out()) give(id, std::move(*done));
  }
  void sync(NodeId id) {
    if (logs(id)) return run_disk(id);
    if (!hosts_[id].queued.empty()) sync_upto(id, hosts_[id].queued.back().id);
  }
  void sync_upto(NodeId id, AppendId upto) {
    Host& host = hosts_[id];
    while (!host.queued.empty() && host.queued.front().id <= upto) {
      Record& record = host.queued.front().record;
      const std::tuple where(record.space, record.owner, record.key);
      if (record.object || record.space == KeySpace::kIdentity) {
        host.disk[where] = record;
      } else {
        host.disk.erase(where);
      }
      host.queued.pop_front();
    }
    give(id, Synced{upto});
  }
  void fail_disk(NodeId id) {
    const auto& queued = hosts_[id].queued;
    REQUIRE_FALSE(queued.empty());
    give(id, AppendFailed{queued.front().id, queued.back().id});
  }
  ObjectPtr on_disk(NodeId id, std::string_view key) {
    const auto found = hosts_[id].disk.find({KeySpace::kObjects, kNoNode, key_of(key)});
    return found == hosts_[id].disk.end() ? ObjectPtr() : found->second.object;
  }

  // --- network -----------------------------------------------------------------------------------------------------
  std::deque<Envelope> flying;
  std::deque<Envelope> held;
  std::function<bool(const Envelope&)> hold;  // those are kept back in `held` instead of flying
  std::function<bool(const Envelope&)> lose;  // those are lost
  // Messages from `from` to `to` are lost.
  void cut(NodeId from, NodeId to) { cuts_.insert({from, to}); }
  void isolate(NodeId id) {
    for (NodeId other = 0; other < hosts_.size(); ++other) {
      cut(id, other);
      cut(other, id);
    }
  }
  void heal() { cuts_.clear(); }
  void release_held() {
    hold = nullptr;
    std::move(held.begin(), held.end(), std::back_inserter(flying));
    held.clear();
  }
  void deliver(const Envelope& envelope) { give(envelope.to, Received{envelope.from, envelope.message}); }
  void deliver_next() {
    const Envelope envelope = std::move(flying.front());
    flying.pop_front();
    deliver(envelope);
  }
  // Delivers and syncs until nothing moves any more.
  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (NodeId id = 0; id < hosts_.size(); ++id) {
        if (!hosts_[id].syncs_by_itself || (hosts_[id].queued.empty() && hosts_[id].folder.waiting.empty())) continue;
        sync(id);
        moved = true;
      }
      for (; !flying.empty(); moved = true) deliver_next();
    }
  }

  // --- time --------------------------------------------------------------------------------------------------------
  TimeNs now_ns = 0;
  TimeNs wall_offset_ns = 1'700'000'000 * kSecond;
  // Fires what is due, in order, and settles after each.
  void advance(TimeNs by_ns) {
    const TimeNs end_ns = now_ns + by_ns;
    while (fire_next(end_ns)) settle();
    now_ns = end_ns;
  }
  // The earliest timer at or before the time; false when there is none.
  bool fire_next(TimeNs until_ns) {
    if (timers_.empty() || timers_.begin()->first.first > until_ns) return false;
    const Timer timer = timers_.begin()->second;
    now_ns = std::max(now_ns, timers_.begin()->first.first);
    timers_.erase(timers_.begin());
    give(timer.node, timer.fired, timer.incarnation);
    return true;
  }

  // --- clients -----------------------------------------------------------------------------------------------------
  ClientToken ask(NodeId id, ClientRequest request) {
    give(id, ClientAsked{++last_token_, std::move(request)});
    return last_token_;
  }
  // The one reply; none: not yet.
  std::optional<ClientReply> reply(ClientToken token) const {
    const auto found = replies_.find(token);
    return found == replies_.end() ? std::nullopt : std::optional(found->second);
  }
  // Asks, settles, and takes the reply, which must be there.
  ClientReply call(NodeId id, ClientRequest request) {
    const ClientToken token = ask(id, std::move(request));
    settle();
    const auto answer = reply(token);
    REQUIRE(answer);
    return *answer;
  }
  // How many replies came in all: asking a token twice is caught by the bench itself.
  std::size_t replies() const { return replies_.size(); }

  // --- what happened -----------------------------------------------------------------------------------------------
  // One line for each effect that is not a heartbeat or a timer, in order; emptied by the call.
  std::string take_trace() { return std::exchange(trace_, {}); }
  std::vector<std::pair<NodeId, Observation>> observed;
  std::size_t count(Observed what) const {
    std::size_t count = 0;
    for (const auto& [node, observation] : observed) count += observation.what == what ? 1 : 0;
    return count;
  }
  // Messages of one kind that were sent.
  template <typename M>
  std::size_t sent() const {
    const auto found = sent_.find(Message(M{}).index());
    return found == sent_.end() ? 0 : found->second;
  }
  void forget_counts() {
    sent_.clear();
    observed.clear();
  }

  // An event for a node, by default of its present incarnation.
  template <typename What>
  void give(NodeId id, What what, std::optional<Incarnation> incarnation = std::nullopt) {
    Host& host = hosts_[id];
    if (!host.node) return;
    Outbox out;
    host.node->handle(Event{incarnation.value_or(host.incarnation), now_ns, now_ns + wall_offset_ns, std::move(what)},
                      out);
    for (Effect& effect : out.effects()) {
      std::visit([&](auto& what_to_do) { carry_out(id, std::move(what_to_do)); }, effect);
    }
  }

 private:
  struct Timer {
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
    TimerFired fired;
  };

  std::string letter(NodeId id) const { return id < letters_.size() ? std::string(1, letters_[id]) : "?"; }
  void note(std::string line) { trace_ += (trace_.empty() ? "" : "; ") + std::move(line); }

  void carry_out(NodeId id, Send send) {
    ++sent_[send.message.index()];
    const std::string words = words_for(send.message, letters_);
    if (!words.empty()) note(letter(id) + ">" + letter(send.to) + " " + words);
    if (const auto* put = std::get_if<ReplicaPut>(&send.message)) check_dots(put->key, put->object);
    Envelope envelope{id, send.to, std::move(send.message)};
    if (cuts_.contains({id, envelope.to}) || (lose && lose(envelope))) return;
    (hold && hold(envelope) ? held : flying).push_back(std::move(envelope));
  }
  void carry_out(NodeId id, Reply reply) {
    note(letter(id) + " " + words_for(reply.reply));
    INFO("a client is answered twice");
    REQUIRE(replies_.emplace(reply.token, std::move(reply.reply)).second);
  }
  void carry_out(NodeId id, SetTimer timer) {
    REQUIRE(timer.after_ns >= 1);
    timers_.emplace(std::pair(now_ns + timer.after_ns, ++timer_order_),
                    Timer{id, hosts_[id].incarnation, {timer.kind, timer.serial}});
  }
  void carry_out(NodeId id, Append append) {
    if (append.record.object) check_dots(append.record.key, append.record.object);
    note(letter(id) + " " + words_for(append.record, letters_));
    if (logs(id)) return;
    if (!hosts_[id].queued.empty()) REQUIRE(append.id == hosts_[id].queued.back().id + 1);
    hosts_[id].queued.push_back(std::move(append));
  }
  void carry_out(NodeId id, AskDisk request) {
    REQUIRE(logs(id));
    hosts_[id].folder.waiting.push_back(std::move(request));
  }
  void carry_out(NodeId id, Observation observation) { observed.emplace_back(id, std::move(observation)); }

  // A dot of a key names one value for ever, whatever crashes.
  void check_dots(const Key& key, const ObjectPtr& object) {
    for (const Sibling& sibling : object->siblings()) {
      if (sibling.cold_bytes > 0 || (sibling.tombstone && sibling.expires_wall_ns != 0)) continue;
      const std::pair named(std::string(sibling.value.view()), sibling.hlc.packed);
      INFO("a dot is issued twice");
      REQUIRE(dots_.emplace(std::pair(key, sibling.dot), named).first->second == named);
    }
  }

  std::shared_ptr<const Placement> placement_;
  std::vector<Host> hosts_;
  std::string letters_;  // by node id
  std::set<std::pair<NodeId, NodeId>> cuts_;
  std::map<std::pair<TimeNs, std::uint64_t>, Timer> timers_;
  std::uint64_t timer_order_ = 0;
  ClientToken last_token_ = 0;
  std::map<ClientToken, ClientReply> replies_;
  std::string trace_;
  std::map<std::size_t, std::size_t> sent_;
  std::map<std::pair<Key, Dot>, std::pair<std::string, std::uint64_t>> dots_;
};

}  // namespace dkv::testing
