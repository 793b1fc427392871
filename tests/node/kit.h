// A bench with a few nodes whose effects it carries out by hand. Messages fly until they are delivered, appends wait
// until the disk is run, and time stands still until a test advances it.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
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
  NodeConfig config;  // the bench fills in id and placement
};

// Switches off repairs that run on a timer, for tests about other things.
BenchOptions without_timers(std::uint32_t nodes);
// All timers on, and short enough that a proof of the reaper takes a few seconds.
BenchOptions reaping(std::uint32_t nodes);

class Bench {
 public:
  struct Host {
    NodeConfig config;
    Incarnation incarnation = 0;
    std::optional<Node> node;  // empty while it is down
    StringDisk folder;
    bool syncs_by_itself = true;
    std::uint64_t seed = 0;
  };

  // Every node has started and has heard all others.
  explicit Bench(const BenchOptions& options = {});
  Bench(const Bench&) = delete;
  ~Bench();

  // --- nodes -------------------------------------------------------------------------------------------------------
  Host& host(NodeId id) { return hosts_[id]; }
  Node& node(NodeId id) { return *hosts_[id].node; }
  std::size_t size() const { return hosts_.size(); }
  const Placement& placement() const { return *placement_; }

  // The key's preference list, primaries first. The trace calls these nodes A, B, C, ...
  std::vector<NodeId> list(std::string_view name) const;
  void focus(std::string_view key);

  void start(NodeId id);
  // A power loss: bytes that were not durable are gone, and so are the timers.
  void crash(NodeId id);
  void restart(NodeId id);
  void wipe(NodeId id);

  // --- disks -------------------------------------------------------------------------------------------------------
  // Carries out the waiting disk requests and the requests that follow from them; at most `most` of them.
  void run_disk(NodeId id, std::size_t most = ~std::size_t{0});
  // The same with syncs that fail.
  void fail_disk(NodeId id);
  // The state of the key that a power loss now would leave, with its values. A fresh store reads it.
  ObjectPtr on_disk(NodeId id, std::string_view key);

  // --- network -----------------------------------------------------------------------------------------------------
  std::deque<Envelope> flying;
  std::deque<Envelope> held;
  std::function<bool(const Envelope&)> hold;  // true: the message goes to `held` instead of `flying`
  std::function<bool(const Envelope&)> lose;  // true: the message is lost
  // Messages from `from` to `to` are lost.
  void cut(NodeId from, NodeId to) { cuts_.insert({from, to}); }
  void isolate(NodeId id);
  void heal() { cuts_.clear(); }
  void release_held();
  void deliver(const Envelope& envelope);
  void deliver_next();
  // Delivers and syncs until nothing more happens.
  void settle();

  // --- time --------------------------------------------------------------------------------------------------------
  TimeNs now_ns = 0;
  TimeNs wall_offset_ns = 1'700'000'000 * kSecond;
  std::map<NodeId, TimeNs> host_wall_ahead_ns;  // beyond that, of single nodes
  // Fires the timers that are due, in order, and settles after each.
  void advance(TimeNs by_ns);
  // Fires the earliest timer up to this time. False when there is none.
  bool fire_next(TimeNs until_ns);

  // --- clients -----------------------------------------------------------------------------------------------------
  ClientToken ask(NodeId id, ClientRequest request);
  // The reply; empty when it has not come. The bench itself checks that there is only one.
  std::optional<ClientReply> reply(ClientToken token) const;
  // Asks, settles, and returns the reply, which must have come.
  ClientReply call(NodeId id, ClientRequest request);
  // The number of all replies so far.
  std::size_t replies() const { return replies_.size(); }

  // --- observations ------------------------------------------------------------------------------------------------
  // One line for each effect except heartbeats and timers, in order. The call empties the trace.
  std::string take_trace() { return std::exchange(trace_, {}); }
  std::vector<std::pair<NodeId, Observation>> observed;
  std::size_t count(Observed what) const;
  // The number of messages of this kind that were sent.
  template <typename M>
  std::size_t sent() const {
    const auto found = sent_.find(Message(M{}).index());
    return found == sent_.end() ? 0 : found->second;
  }
  void forget_counts();

  // Gives the node an event; by default one of its present life.
  void give(NodeId id, decltype(Event::what) what, std::optional<Incarnation> incarnation = std::nullopt);

 private:
  void hand_over(NodeId id, decltype(Event::what) what, std::optional<Incarnation> incarnation);

  struct Timer {
    NodeId node = kNoNode;
    Incarnation incarnation = 0;
    TimerFired fired;
  };

  std::string letter(NodeId id) const { return id < letters_.size() ? std::string(1, letters_[id]) : "?"; }
  void note(std::string line) { trace_ += (trace_.empty() ? "" : "; ") + std::move(line); }

  void carry_out(NodeId id, Send send);
  void carry_out(NodeId id, Reply reply);
  void carry_out(NodeId id, SetTimer timer);
  void carry_out(NodeId id, Append append);
  void carry_out(NodeId id, Observation observation) { observed.emplace_back(id, std::move(observation)); }

  // A dot of a key always names the same value, across all crashes.
  void check_dots(const Key& key, const ObjectPtr& object);

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

// Crashes the node, and waits until the others find it unreachable.
void make_unreachable(Bench& bench, NodeId node);

}  // namespace dkv::testing
