#include "tests/integration/cluster.h"

#include <signal.h>

#include <map>

#include "tests/catch.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;

namespace {

// The number of pending hints on these nodes.
std::uint64_t hints_waiting(const Cluster& cluster, const std::vector<std::size_t>& nodes) {
  std::uint64_t count = 0;
  for (const std::size_t i : nodes) count += cluster.stats(i).at("hints").get<std::uint64_t>();
  return count;
}

}  // namespace

TEST_CASE("a value that is put on one node is read on every other") {
  Cluster cluster;
  auto first = cluster.client(0);
  REQUIRE(put(first, "hello", "world") == 204);
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    auto client = cluster.client(i);
    CHECK(get(client, "hello") == "world");
    CHECK(cluster.json(i, "/api/v1/kv/hello").at("value") == "world");
  }
}

TEST_CASE("a killed node gets the missed writes from hints, and no acknowledged write is lost") {
  // With two replicas of three nodes, the third stands in for a dead one.
  Cluster cluster({.nodes = 3, .cluster = "n: 2, r: 1, w: 2", .rest = {}});
  std::map<std::string, std::string> acknowledged;
  auto client = cluster.client(0);
  for (int i = 0; i < 100; ++i) {
    if (i == 30) cluster.kill(2);
    const std::string key = "key " + std::to_string(i), value = "value " + std::to_string(i);
    // The cluster may need a moment to notice that a node is gone. Then writes continue.
    REQUIRE(eventually([&] { return put(client, key, value) == 204; }));
    acknowledged[key] = value;
  }
  CHECK(hints_waiting(cluster, {0, 1}) > 0);
  for (const auto& [key, value] : acknowledged) CHECK(get(client, key) == value);

  cluster.restart(2);
  REQUIRE(eventually([&] { return hints_waiting(cluster, {0, 1}) == 0; }));
  CHECK(cluster.event(0, "hint_delivered") + cluster.event(1, "hint_delivered") > 0);
  // The node itself has the values now, not only the cluster.
  auto killed = cluster.client(2);
  for (const auto& [key, value] : acknowledged) {
    CHECK(get(killed, key) == value);
    const auto replicas = cluster.preference_list(key);
    for (std::size_t place = 0; place < 2; ++place) {
      const auto held = cluster.json(replicas[place], "/api/v1/admin/keys/" + cli::url_escaped(key));
      CHECK_FALSE(held.at("object").is_null());
    }
  }
}

TEST_CASE("a paused node delays no other node, and continues afterwards") {
  Cluster cluster;
  auto client = cluster.client(0);
  REQUIRE(put(client, "before", "1") == 204);
  cluster.process(1).pause();
  REQUIRE(eventually([&] { return put(client, "meanwhile", "2") == 204; }));
  CHECK(get(client, "before") == "1");
  CHECK(cluster.log_says(0, "n2 can't be reached"));
  cluster.process(1).signal(SIGCONT);
  cluster.wait_until_met();
  auto paused = cluster.client(1);
  CHECK(get(paused, "meanwhile") == "2");
}

TEST_CASE("a tombstone waits for a dead node, and then all nodes forget it") {
  Cluster cluster(
      {.nodes = 3, .cluster = "heartbeat: {every: 50ms}, anti_entropy: {every: 200ms}, reap_every: 50ms", .rest = {}});
  auto client = cluster.client(0);
  const auto remove = [&](const std::string& key) {
    const auto answer = client.ask({.method = "DELETE", .target = "/api/v1/kv/" + key, .headers = {}, .body = {}});
    return answer && answer->fine();
  };
  const auto keys = [&](std::size_t node) { return cluster.stats(node).at("store").at("keys").get<std::uint64_t>(); };
  REQUIRE(put(client, "first", "1") == 204);
  REQUIRE(remove("first"));
  for (std::size_t i = 0; i < cluster.size(); ++i) CHECK(eventually([&] { return keys(i) == 0; }));

  REQUIRE(put(client, "second", "2") == 204);
  cluster.kill(2);
  REQUIRE(eventually([&] { return remove("second"); }));
  CHECK(cluster.log_says(0, "n3 can't be reached"));
  CHECK(keys(0) == 1);
  cluster.restart(2);
  for (std::size_t i = 0; i < cluster.size(); ++i) CHECK(eventually([&] { return keys(i) == 0; }));
  CHECK(client.get("/api/v1/kv/second")->status == 404);
}

TEST_CASE("after a crash of all nodes at once every acknowledged write is there") {
  Cluster cluster;
  auto client = cluster.client(0);
  for (int i = 0; i < 50; ++i) REQUIRE(put(client, "key " + std::to_string(i), std::to_string(i)) == 204);
  for (std::size_t i = 0; i < cluster.size(); ++i) cluster.process(i).signal(SIGKILL);
  for (std::size_t i = 0; i < cluster.size(); ++i) cluster.kill(i);
  for (std::size_t i = 0; i < cluster.size(); ++i) cluster.start(i);
  cluster.wait_until_met();
  auto again = cluster.client(1);
  for (int i = 0; i < 50; ++i) CHECK(get(again, "key " + std::to_string(i)) == std::to_string(i));
}

TEST_CASE("a stranger that sends garbage to the peers' port is disconnected, and does no harm") {
  Cluster cluster;
  auto client = cluster.client(0);
  for (const std::string garbage :
       {"GET / HTTP/1.1\r\nHost: x\r\n\r\nand so on, for as long as a hello is",
        "DKVP\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    Socket stranger(cluster.peer(0));
    stranger.send(garbage);
    stranger.read_to_end();
    REQUIRE(put(client, "hello", "world") == 204);
  }
  CHECK(cluster.log_says(0, "closed a peer's connection: it is no node of Distri-KV"));
  CHECK(cluster.process(0).running());
}

TEST_CASE("a node of another cluster or of other members is refused, and the log of the node that refuses says why") {
  Cluster cluster;
  const std::string config = cli::read_file(cluster.config_file());
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string text = config;
    text.replace(text.find(what), what.size(), instead);
    return cluster.folder().write("other.yaml", text);
  };
  const auto [changed, said] = GENERATE(table<std::pair<std::string, std::string>, std::string>(
      {{{"name: test", "name: other"}, "it is of cluster 'other', this node of 'test'"},
       {{"name: n1,", "name: m1,"}, "its settings are other ones than this node's"}}));
  CAPTURE(said);
  REQUIRE(cluster.end(2) == 0);
  Process other({"serve", "--config", with(changed.first, changed.second), "--node", "n3", "--data",
                 cluster.folder().path("other")},
                cluster.folder().path("other.out"), cluster.folder().path("other.log"));
  CHECK(cluster.log_says(0, said));
  const auto other_log = [&] { return output_in(cluster.folder().path("other.log")); };
  CHECK(eventually(
      [&] { return other_log().find(": it refuses this node, and its log says why") != std::string::npos; }));
  // A node with other members also refuses the cluster's nodes, and says so in its own log.
  if (changed.first == "name: test") CHECK(other_log().find(said) == std::string::npos);
  auto client = cluster.client(0);
  CHECK(put(client, "hello", "world") == 204);
}
