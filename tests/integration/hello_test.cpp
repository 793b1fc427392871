// Strangers and second nodes on the peer ports of real nodes.
#include "engine/runtime/net/hello.h"

#include <fstream>

#include "cli/cluster/ports.h"
#include "engine/protocol/codec.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;

namespace {

// The answer of the node, up to the end of the connection.
std::string answer_to(const Cluster& cluster, const Hello& hello) {
  Socket stranger(cluster.peer(0));
  REQUIRE(stranger.send(encode_hello(hello)));
  return stranger.read_to_end();
}

std::size_t times_in(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a stranger learns nothing of the cluster from a refused hello, and the node's log has the reason") {
  Cluster cluster;
  const Hello guess{
      .from = 1, .to = 0, .incarnation = 1, .membership = 1, .folder = {}, .text = "guess", .settings = {}};
  const std::string refused = answer_to(cluster, guess);
  const auto answer = decode_hello(refused);
  REQUIRE(answer);
  CHECK(answer->kind == Hello::Kind::kRefused);
  CHECK(answer->incarnation == 0);
  CHECK(answer->membership == 0);
  Hello other = guess;
  other.text = "test";  // the cluster's true name
  CHECK(answer_to(cluster, other) == refused);
  CHECK(cluster.log_says(0, "refused: it is of cluster 'guess', this node of 'test' from=127.0.0.1:"));
  CHECK(cluster.log_says(0, "refused: n2: its settings are other ones than this node's"));
}

TEST_CASE("a second process under a connected node's name is refused, both logs say so, and the first one stays") {
  Cluster cluster;
  // Lives count seconds. So only a node whose count is ahead can meet an earlier life that starts later.
  REQUIRE(cluster.end(2) == 0);
  std::ofstream(cluster.data(2) + "/INCARNATION") << "3000000000\n";
  cluster.restart(2);
  cluster.wait_until_met();
  const std::uint64_t lost = cluster.event(0, "peer_unreachable");
  std::string config = cli::read_file(cluster.config_file());
  const auto ports = cli::free_ports(2);
  for (const auto& [address, port] : {std::pair{cluster.http(2), ports[0]}, {cluster.peer(2), ports[1]}}) {
    const std::string text = to_string(address);
    config.replace(config.find(text), text.size(), "127.0.0.1:" + std::to_string(port));
  }
  Process second({"serve", "--config", cluster.folder().write("second.yaml", config), "--node", "n3", "--data",
                  cluster.folder().path("second")},
                 cluster.folder().path("second.out"), cluster.folder().path("second.log"));
  const auto second_log = [&] { return output_in(cluster.folder().path("second.log")); };
  CHECK(cluster.log_says(0, "refused: n3: another process with its name is heard: life "));
  CHECK(second.wait() == 1);
  CHECK_THAT(second_log(), Contains("another process runs as n3, with life 3000000001"));
  CHECK(second_log().find("connected to") == std::string::npos);
  auto client = cluster.client(2);
  CHECK(put(client, "hello", "world", "?w=3") == 204);
  CHECK(cluster.event(0, "peer_unreachable") == lost);
}

TEST_CASE("a node that crashed is met again in its next life, well before its last one counts as unreachable") {
  Cluster cluster({.nodes = 3, .cluster = "heartbeat:\n    every: 100ms\n    unreachable_after: 60s", .rest = {}});
  for (int i = 0; i < 3; ++i) {
    cluster.kill(2);
    cluster.restart(2);
    cluster.wait_until_met();
  }
  CHECK(times_in(cluster.log(0), "connected to n3") == 4);
  CHECK(cluster.log(0).find("refused: ") == std::string::npos);
}
