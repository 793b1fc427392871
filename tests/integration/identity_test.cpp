// Folders that are copied, put back and started twice, and nodes that do not agree, as real processes.
#include <filesystem>
#include <fstream>

#include "cli/cluster/ports.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;

namespace {

namespace files = std::filesystem;

void copy_folder(const std::string& from, const std::string& to) {
  files::remove_all(to);
  files::copy(from, to, files::copy_options::recursive);
}

// A node of the same cluster that other ports and perhaps other settings are told.
struct Second {
  Second(const Cluster& cluster, const std::string& data, const std::string& more = {})
      : log_file(cluster.folder().path("second.log")),
        process({"serve", "--config", cluster.folder().write("second.yaml", config_of(cluster, more)), "--node", "n3",
                 "--data", data},
                cluster.folder().path("second.out"), log_file) {}

  static std::string config_of(const Cluster& cluster, const std::string& more) {
    std::string config = cli::read_file(cluster.config_file());
    const auto ports = cli::free_ports(2);
    for (const auto& [address, port] : {std::pair{cluster.http(2), ports[0]}, {cluster.peer(2), ports[1]}}) {
      const std::string text = to_string(address);
      config.replace(config.find(text), text.size(), "127.0.0.1:" + std::to_string(port));
    }
    const std::string head = "cluster:\n";
    return more.empty() ? config : config.replace(config.find(head), head.size(), head + "  " + more + "\n");
  }

  std::string log() const { return output_in(log_file); }

  std::string log_file;
  Process process;
};

std::string health(const Cluster& cluster, std::size_t i) {
  return cluster.json(i, "/api/v1/cluster/health").dump();
}

}  // namespace

TEST_CASE("a folder that was put back issues no dot again: both writes survive everywhere") {
  Cluster cluster({.nodes = 3, .cluster = "anti_entropy: {every: 200ms}", .rest = {}});
  REQUIRE(cluster.end(0) == 0);
  copy_folder(cluster.data(0), cluster.folder().path("backup"));
  cluster.restart(0);
  cluster.wait_until_met();
  auto first = cluster.client(0);
  CHECK(put(first, "Z", "old") == 204);
  cluster.kill(0);
  copy_folder(cluster.folder().path("backup"), cluster.data(0));
  cluster.restart(0);
  auto again = cluster.client(0);
  CHECK(eventually([&] { return put(again, "Z", "new", "?w=1") == 204; }));
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(eventually([&] {
      const auto answer = cluster.client(i).ask({.method = "GET",
                                                 .target = "/buckets/default/keys/Z?r=1",
                                                 .headers = {{"Accept", "multipart/mixed"}},
                                                 .body = {}});
      return answer && answer->body.find("old") != std::string::npos && answer->body.find("new") != std::string::npos;
    }));
  }
}

TEST_CASE("a node on a copy of another node's folder is refused, with the folder and the reason") {
  Cluster cluster;
  REQUIRE(cluster.end(0) == 0);
  REQUIRE(cluster.end(2) == 0);
  copy_folder(cluster.data(0), cluster.data(2));
  cluster.start(2);
  CHECK(cluster.process(2).wait() == 2);
  CHECK_THAT(cluster.log(2),
             Contains("the folder " + cluster.data(2)) && Contains("belongs to node 'n1'") && Contains("as node 'n3'"));
}

TEST_CASE("a changed list of members, n or weight is refused on a folder that exists") {
  Cluster cluster({.nodes = 2, .cluster = {}, .rest = {}});
  REQUIRE(cluster.end(0) == 0);
  for (const auto& [set, says] : {std::pair{"cluster.n=1", "n was 2 and is asked to be 1"},
                                  {"cluster.partitions=64", "partitions was 256 and is asked to be 64"},
                                  {"cluster.nodes.0.weight=50", "member n1 was number 0, weight 100"},
                                  {"cluster.name=other", "of cluster 'test'"}}) {
    CAPTURE(set);
    const std::string log = cluster.folder().path("changed.log");
    Process changed(
        {"serve", "--config", cluster.config_file(), "--node", "n1", "--data", cluster.data(0), "--set", set},
        cluster.folder().path("changed.out"), log);
    CHECK(changed.wait() == 2);
    CHECK_THAT(output_in(log), Contains(says));
  }
}

TEST_CASE("a second process under a node's name is refused in both logs and stops, and the node goes on") {
  Cluster cluster({.nodes = 3, .cluster = "heartbeat:\n    every: 100ms\n    unreachable_after: 500ms", .rest = {}});
  const std::string twin_folder = cluster.folder().path("twin");
  Second twin(cluster, twin_folder);
  CHECK(cluster.log_says(0, "refused: n3: another process with its name is heard"));
  CHECK(twin.process.wait() == 1);
  CHECK_THAT(twin.log(), Contains("another process runs as n3"));
  CHECK(cluster.process(2).running());
  auto client = cluster.client(0);
  CHECK(put(client, "x", "y", "?w=3") == 204);
}

TEST_CASE("a node whose life is lower than its peers remember is told, takes a higher one and is met again") {
  Cluster cluster({.nodes = 3, .cluster = "heartbeat:\n    every: 100ms\n    unreachable_after: 500ms", .rest = {}});
  REQUIRE(cluster.end(2) == 0);
  copy_folder(cluster.data(2), cluster.folder().path("backup"));
  std::ofstream(cluster.data(2) + "/INCARNATION") << "3000000000\n";
  cluster.restart(2);
  cluster.wait_until_met();
  cluster.kill(2);
  copy_folder(cluster.folder().path("backup"), cluster.data(2));
  cluster.start(2);
  CHECK(cluster.log_says(2, "has heard a later life of this node"));
  cluster.wait_until_met();
  CHECK(cluster.stats(2).at("incarnation") > 3000000001u);
}

TEST_CASE("nodes that differ in the conflict policy do not talk, and both logs and health pages name it") {
  Cluster cluster;
  REQUIRE(cluster.end(2) == 0);
  Process other({"serve", "--config", cluster.config_file(), "--node", "n3", "--data", cluster.data(2), "--set",
                 "cluster.conflicts=lww"},
                cluster.folder().path("n3.out"), cluster.folder().path("n3.log"));
  CHECK(cluster.log_says(0, "conflicts is siblings here and lww there"));
  CHECK(cluster.log_says(2, "conflicts is lww here and siblings there"));
  CHECK(eventually([&] { return health(cluster, 0).find("\"setting\":\"conflicts\"") != std::string::npos; }));
  CHECK_THAT(health(cluster, 2), Contains("\"here\":\"lww\""));
  CHECK_THAT(cluster.client(0).get("/metrics")->body, Contains("dkv_peer_settings_differ{peer=\"n3\"} 1"));
}
