#include "engine/runtime/config.h"

#include "tests/catch.h"

using Catch::Matchers::Contains;

namespace dkv {
namespace {

const std::string kThree =
    "node: n2\n"
    "data: /tmp/n2\n"
    "cluster:\n"
    "  name: demo\n"
    "  nodes:\n"
    "    - {name: n1, http: 127.0.0.1:8101, peer: 127.0.0.1:7101}\n"
    "    - {name: n2, http: 127.0.0.1:8102, peer: 127.0.0.1:7102, rack: r2, weight: 50}\n"
    "    - {name: n3, http: '[::1]:8103', peer: '[::1]:7103'}\n";

ServerConfig good(const std::string& text, const ServerOverrides& overrides = {}) {
  auto config = load_server_config_text(text, "node.yaml", overrides);
  if (!config) FAIL(to_string(config.error()));
  return *config;
}

std::string complaint(const std::string& text, const ServerOverrides& overrides = {}) {
  const auto config = load_server_config_text(text, "node.yaml", overrides);
  REQUIRE_FALSE(config);
  return to_string(config.error());
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("with ids the order of the list means nothing, and each node has its own") {
  const std::string head = "node: n2\ncluster:\n  nodes:\n";
  const std::string n1 = "    - {name: n1, id: 0, http: 127.0.0.1:8101, peer: 127.0.0.1:7101}\n";
  const std::string n2 = "    - {name: n2, id: 1, http: 127.0.0.1:8102, peer: 127.0.0.1:7102}\n";
  for (const ServerConfig& config : {good(head + n1 + n2), good(head + n2 + n1)}) {
    CHECK(config.self == 1);
    CHECK(config.members[0].member.name == "n1");
    CHECK(config.members[1].member.name == "n2");
    CHECK(config.members[1].member.id == 1);
  }
  CHECK_THAT(complaint(head + n1 + with(n2, "id: 1", "id: 0")), Contains("id 0 occurs twice"));
  CHECK_THAT(complaint(head + n1 + with(n2, "id: 1", "id: 2")), Contains("'id'"));
  CHECK_THAT(complaint(head + n1 + with(n2, "id: 1, ", "")), Contains("write it for each node, or for none"));
}

TEST_CASE("a configuration names this node and the others") {
  const ServerConfig config = good(kThree);
  CHECK(config.cluster == "demo");
  CHECK(config.self == 1);
  CHECK(config.node.id == 1);
  CHECK(config.me().http == Address{"127.0.0.1", 8102});
  CHECK(config.me().member.rack == "r2");
  CHECK(config.me().member.weight == 50);
  CHECK(config.members[2].peer == Address{"::1", 7103});
  CHECK(config.data == "/tmp/n2");
  CHECK(config.quorum.replicas == 3);
  CHECK(config.quorum.read_need == 2);
  CHECK(config.quorum.partitions == 256);
  CHECK(config.node.storage.backend == StorageBackend::kLog);
}

TEST_CASE("the command line sets the differences between nodes that share one file") {
  const ServerConfig config = good(kThree, {.node = "n3", .data = "/tmp/x", .sets = {"cluster.w=3", "http.idle=5s"}});
  CHECK(config.self == 2);
  CHECK(config.data == "/tmp/x");
  CHECK(config.quorum.write_need == 3);
  CHECK(config.http.idle_ns == 5 * kSecond);
}

TEST_CASE("without a file there is one node on loopback") {
  const auto config = default_server_config({});
  REQUIRE(config);
  CHECK(config->members.size() == 1);
  CHECK(config->me().http == Address{"127.0.0.1", 8098});
  CHECK(config->quorum.replicas == 1);
  CHECK_FALSE(config->data.empty());
}

TEST_CASE("a configuration has the settings of a scenario's cluster") {
  const ServerConfig config = good(
      kThree + "  heartbeat: {every: 100ms, unreachable_after: 1s}\n  storage: {sync: interval, sync_every: 50ms}\n" +
      "  buckets: {sessions: {ttl: 30s}, last: {conflicts: lww}}\nhttp: {connections: 10, body: 1KiB, allow_origins: "
      "['HTTPS://shop.example:443'],"
      "  hosts: [Store.example, '[::1]']}\n" +
      "log: {level: warning, format: json, requests: all}\n");
  CHECK(config.node.heartbeat_every_ns == 100 * kMillisecond);
  CHECK(config.node.storage.sync == SyncPolicy::kInterval);
  CHECK(config.node.buckets.at("sessions").ttl_ns == 30 * kSecond);
  CHECK(config.node.policy_of(*Key::make("last", "k")) == ConflictPolicy::kLastWriteWins);
  CHECK(config.node.policy_of(*Key::make("sessions", "k")) == ConflictPolicy::kSiblings);
  CHECK(config.http.connections_max == 10);
  CHECK(config.http.body_bytes_max == 1024);
  CHECK(config.http.allow_origins == std::vector<std::string>{"https://shop.example"});
  CHECK(config.http.hosts == std::vector<std::string>{"store.example", "::1"});
  CHECK(config.log_format == LogFormat::kJson);
  CHECK(config.requests == RequestLog::kAll);
}

TEST_CASE("a mistake is reported with its place and a suggestion") {
  CHECK_THAT(complaint(with(kThree, "node: n2", "node: n4")), Contains("node.yaml:1:7: 'n4' is not a node of"));
  CHECK_THAT(complaint(with(kThree, "node: n2\n", "")), Contains("the name of this node"));
  CHECK_THAT(complaint(with(kThree, "name: demo", "nmae: demo")), Contains("did you mean 'name'?"));
  CHECK_THAT(complaint(with(kThree, "127.0.0.1:8102", "127.0.0.1")),
             Contains("node.yaml:7:24: 'http': '127.0.0.1' is no address"));
  CHECK_THAT(complaint(with(kThree, "127.0.0.1:8102", "127.0.0.1:0")), Contains("port 0"));
  CHECK_THAT(complaint(with(kThree, "name: n2", "name: n1")), Contains("node 'n1' occurs twice"));
  CHECK_THAT(complaint(with(kThree, "8102", "8101")), Contains("address 127.0.0.1:8101 occurs twice"));
  CHECK_THAT(complaint(with(kThree, "8102", "7102")), Contains("the same address"));
  CHECK_THAT(complaint(with(kThree, ", peer: 127.0.0.1:7102", "")), Contains("'peer'"));
  CHECK_THAT(complaint(kThree + "  w: 4\n"), Contains("'w' is 4, but n is 3"));
  CHECK_THAT(complaint(kThree + "http: {idel: 5s}\n"), Contains("did you mean 'idle'?"));
  CHECK_THAT(complaint(kThree + "log: {level: loud}\n"), Contains("allowed: debug, info, warning, error"));
  CHECK_THAT(complaint("cluster: {nodes: []}\n"), Contains("empty list"));
  CHECK_THAT(complaint("{}\n"), Contains("'cluster'"));
  CHECK_THAT(complaint(kThree, {.sets = {"cluster.q=1"}}), Contains("--set:1"));
}

TEST_CASE("only listed web pages are let in") {
  CHECK(good(kThree).http.allow_origins.empty());
  CHECK(good(kThree).http.hosts.empty());
  CHECK(good(kThree + "http: {allow_origins: ['*']}\n").http.allow_origins == std::vector<std::string>{"*"});
  CHECK_THAT(complaint(kThree + "http: {allow_origins: https://a}\n"), Contains("a list is needed"));
  CHECK_THAT(complaint(kThree + "http: {allow_origins: ['https://a/']}\n"), Contains("'https://a/' is no origin"));
  CHECK_THAT(complaint(kThree + "http: {allow_origins: ['null']}\n"), Contains("'null' is no origin"));
  CHECK_THAT(complaint(kThree + "http: {allow_origins: ['*', 'https://a']}\n"), Contains("write it alone"));
  CHECK_THAT(complaint(kThree + "http: {allow_origin: 'https://a'}\n"), Contains("did you mean 'allow_origins'?"));
  CHECK_THAT(complaint(kThree + "http: {hosts: ['a:80']}\n"), Contains("'a:80' is no host"));
}

TEST_CASE("several mistakes are reported at once") {
  const std::string all = complaint(kThree + "  w: 9\nhttp: {idle: soon}\n");
  CHECK_THAT(all, Contains("'w' is") && Contains("'idle'"));
}

TEST_CASE("addresses are a host and a port") {
  CHECK(parse_address("localhost:80") == Address{"localhost", 80});
  CHECK(to_string(*parse_address("[fe80::1]:80")) == "[fe80::1]:80");
  CHECK(parse_address("a:0", true)->port == 0);
  for (const char* bad : {"", ":80", "a", "a:", "a:b", "a:65536", "a:-1", "::1:80", "a b:80", "a:80:90", "[::1]"}) {
    INFO(bad);
    CHECK_FALSE(parse_address(bad));
  }
}

}  // namespace dkv
