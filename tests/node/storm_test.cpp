// Nodes in a storm: messages are lost, duplicated and late, nodes lose power, and disks sync at random times. After
// the storm all replicas must agree, and no acknowledged write may be missing.
#include <map>
#include <set>

#include "tests/node/dice.h"
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

struct Storm {
  std::uint32_t nodes = 3;
  std::uint64_t loss_percent = 10;
  std::uint64_t copy_percent = 10;
  std::uint64_t crash_permille = 5;
  int steps = 3000;
};

class Weather {
 public:
  Weather(std::uint64_t seed, const Storm& storm) : storm_(storm), dice_(seed), bench_(options_for(storm)) {
    for (NodeId id = 0; id < storm.nodes; ++id) bench_.host(id).syncs_by_itself = false;
  }

  void rage() {
    for (int step = 0; step < storm_.steps; ++step) {
      bench_.now_ns += static_cast<TimeNs>(dice_.below(3)) * kMillisecond;
      bench_.fire_next(bench_.now_ns);
      const std::uint64_t what = dice_.below(10);
      if (what < 2) write();
      if (what >= 2 && what < 8) carry();
      if (what == 8) sync_some();
      if (what == 9) read();
      if (dice_.below(1000) < storm_.crash_permille) crash();
      if (dice_.percent(1)) start_all();
    }
  }

  void clear_up() {
    start_all();
    for (NodeId id = 0; id < storm_.nodes; ++id) bench_.host(id).syncs_by_itself = true;
    bench_.settle();
    bench_.advance(60 * kSecond);
  }

  void judge() {
    std::map<std::string, std::string> kept;  // value -> key
    for (const std::string& key : keys()) {
      const auto nodes = bench_.list(key);
      const ObjectPtr object = bench_.on_disk(nodes[0], key);
      for (NodeId i = 1; i < 3; ++i) REQUIRE(equal(object, bench_.node(nodes[i]).store().find(key_of(key))));
      if (!object) continue;
      for (const Sibling& sibling : object->siblings()) {
        INFO("a value has two versions");
        REQUIRE(kept.emplace(sibling.value.view(), key).second);
      }
    }
    std::size_t done = 0;
    for (const auto& [token, write] : writes_) {
      const auto reply = bench_.reply(token);
      const auto found = kept.find(write.value);
      INFO(write.value << " of " << write.key << ": " << (reply ? words_for(*reply) : "no reply"));
      if (found != kept.end()) REQUIRE(found->second == write.key);
      if (!reply) continue;
      if (reply->outcome == Outcome::kDone) REQUIRE(found != kept.end());
      if (reply->outcome == Outcome::kRefused) REQUIRE(found == kept.end());
      done += reply->outcome == Outcome::kDone ? 1 : 0;
    }
    REQUIRE(done > 20);  // a storm in which nothing succeeds proves nothing
    for (NodeId id = 0; id < storm_.nodes; ++id) {
      REQUIRE(bench_.node(id).hints().size() == 0);
      REQUIRE(bench_.node(id).operations_in_progress() == 0);
    }
    REQUIRE(bench_.count(Observed::kHintExpired) == 0);
    // A crash may bring a hint back whose erasure was not durable. So more hints may be delivered than were stored.
    REQUIRE((bench_.count(Observed::kHintStored) == 0) == (bench_.count(Observed::kHintDelivered) == 0));
  }

  void stay_quiet() {
    bench_.forget_counts();
    bench_.advance(20 * kSecond);
    REQUIRE(bench_.sent<AntiEntropyRoots>() > 0);
    REQUIRE(bench_.sent<AntiEntropyLeaves>() == 0);
    REQUIRE(bench_.sent<ReplicaPut>() == 0);
  }

 private:
  struct Write {
    std::string key;
    std::string value;
  };

  static BenchOptions options_for(const Storm& storm) {
    BenchOptions options{.nodes = storm.nodes};
    options.config.siblings_max = 2000;
    options.config.anti_entropy_every_ns = kSecond;
    return options;
  }
  static std::vector<std::string> keys() { return {"a", "b", "c", "d", "e", "f", "g", "h"}; }
  NodeId any_node() { return static_cast<NodeId>(dice_.below(storm_.nodes)); }

  ClientRequest any_mode(ClientRequest request) {
    request.mode = dice_.percent(50) ? QuorumMode::kSloppy : QuorumMode::kStrict;
    request.timeout_ms = 300;
    return request;
  }
  void write() {
    const std::string key = keys()[dice_.below(8)];
    const std::string value = "v" + std::to_string(writes_.size());
    const NodeId node = any_node();
    const auto need = static_cast<std::uint8_t>(1 + dice_.below(3));
    const ClientToken token = bench_.ask(node, any_mode(put_of(key, value, need)));
    writes_[token] = {key, value};
  }
  void read() {
    const std::string key = keys()[dice_.below(8)];
    const NodeId node = any_node();
    bench_.ask(node, any_mode(get_of(key, static_cast<std::uint8_t>(1 + dice_.below(3)))));
  }
  void carry() {
    for (int i = 0; i < 4 && !bench_.flying.empty(); ++i) {
      const std::uint64_t near_the_front = std::min<std::uint64_t>(bench_.flying.size(), 30);
      const auto at = bench_.flying.begin() + static_cast<std::ptrdiff_t>(dice_.below(near_the_front));
      const Envelope envelope = *at;
      const bool copied = dice_.percent(storm_.copy_percent);
      bench_.flying.erase(at);
      if (copied) bench_.flying.insert(bench_.flying.begin() + dice_.below(bench_.flying.size() + 1), envelope);
      if (!dice_.percent(storm_.loss_percent)) bench_.deliver(envelope);
    }
  }
  void sync_some() {
    for (NodeId id = 0; id < storm_.nodes; ++id) {
      const auto& waiting = bench_.host(id).folder.waiting;
      if (!waiting.empty() && bench_.host(id).node) bench_.run_disk(id, 1 + dice_.below(waiting.size()));
    }
  }
  void crash() { bench_.crash(any_node()); }
  void start_all() {
    for (NodeId id = 0; id < storm_.nodes; ++id) {
      if (!bench_.host(id).node) bench_.start(id);
    }
  }

  Storm storm_;
  Dice dice_;
  Bench bench_;
  std::map<ClientToken, Write> writes_;
};

void weather(const Storm& storm, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed << ", " << storm.nodes << " nodes");
    Weather weather(seed, storm);
    weather.rage();
    weather.clear_up();
    weather.judge();
    weather.stay_quiet();
  }
}

TEST_CASE("after lost, doubled and late messages all replicas agree and no acknowledged write is missing") {
  weather({.nodes = 3, .crash_permille = 0, .steps = 1500}, 4);
  weather({.nodes = 5, .crash_permille = 0, .steps = 1500}, 4);
}

TEST_CASE("after crashes that lose unsynced bytes all replicas agree and no acknowledged write is missing") {
  for (const std::uint32_t nodes : {3u, 4u, 5u}) weather({.nodes = nodes, .steps = 1500}, 4);
}

TEST_CASE("after a storm of crashes and a network that loses half all replicas agree, and nothing durable is missing") {
  weather({.nodes = 5, .loss_percent = 50, .copy_percent = 30, .crash_permille = 30, .steps = 2500}, 4);
}

}  // namespace
}  // namespace dkv::testing
