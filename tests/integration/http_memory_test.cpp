// Limits of the memory that clients can make a node hold, and of the time for which it is held.
#include <sys/resource.h>

#include <fstream>
#include <list>
#include <thread>

#include "cli/cluster/ports.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kValueBytes = 16'000'000;
constexpr std::uint64_t kMiB = 1u << 20;
constexpr std::uint64_t kBudgetBytes = 64 * kMiB;

Setup node_with(const std::string& http) {
  return {.nodes = 1, .cluster = {}, .rest = "http: {" + http + "}"};
}

std::uint64_t resident_bytes(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t all = 0, resident = 0;
  in >> all >> resident;
  REQUIRE(resident > 0);
  return resident * 4096;
}

// The most memory that the process holds during this time.
std::uint64_t peak_bytes(pid_t pid, milliseconds watched) {
  const auto until = std::chrono::steady_clock::now() + watched;
  std::uint64_t peak = 0;
  while (std::chrono::steady_clock::now() < until) {
    peak = std::max(peak, resident_bytes(pid));
    std::this_thread::sleep_for(milliseconds(5));
  }
  return peak;
}

void ping(const Cluster& node) {
  Socket client(node.http(0));
  REQUIRE(client.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  client.read_until("OK");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::string kGetJson = "GET /api/v1/kv/z HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kGetRaw = "GET /buckets/default/keys/z HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("unread answers take no more than the budget") {
  Cluster node(node_with("memory: 64MiB"));
  auto client = node.client(0);
  REQUIRE(put(client, "z", std::string(kValueBytes, '\0')) == 204);
  const pid_t pid = node.process(0).pid();
  const std::uint64_t before = resident_bytes(pid);
  std::list<Socket> hostile;
  for (int i = 0; i < 100; ++i) {
    hostile.emplace_back(node.http(0));
    REQUIRE(hostile.back().send(repeated(i % 2 == 0 ? kGetJson : kGetRaw, 256)));
  }
  const std::uint64_t peak = peak_bytes(pid, milliseconds(1500));
  CHECK(peak - before <= kBudgetBytes + 64 * kMiB);
  hostile.clear();
  ping(node);
}

TEST_CASE("connections hold almost no memory after their answers are read") {
  Cluster node(node_with("idle: 1h"));
  auto client = node.client(0);
  REQUIRE(put(client, "z", std::string(15'000, 'v')) == 204);
  const pid_t pid = node.process(0).pid();
  const std::uint64_t before = resident_bytes(pid);
  std::list<Socket> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(node.http(0));
    REQUIRE(idle.back().send(repeated(kGetRaw, 12)));
    idle.back().read_until("HTTP/1.1 200 ", 12);
  }
  CHECK(resident_bytes(pid) - before <= 16 * kMiB);
}

TEST_CASE("requests of a client that has left do not begin") {
  Cluster node(node_with("memory: 64MiB"));
  auto client = node.client(0);
  REQUIRE(put(client, "z", std::string(kValueBytes, '\0')) == 204);
  {
    Socket leaver(node.http(0));
    REQUIRE(leaver.send(repeated(kGetJson, 256)));
    std::this_thread::sleep_for(milliseconds(100));
  }
  ping(node);
  std::this_thread::sleep_for(milliseconds(200));
  const nlohmann::json gets = node.stats(0).at("requests").at("get");
  std::uint64_t begun = 0;
  for (const auto& [what, count] : gets.items()) {
    if (what != "mean_us") begun += count.get<std::uint64_t>();
  }
  CHECK(begun <= 16);
}

TEST_CASE("endless bodies take no more than the budget, and bodies beyond it are refused") {
  Cluster node(node_with("memory: 64MiB"));
  const pid_t pid = node.process(0).pid();
  const std::uint64_t before = resident_bytes(pid);
  std::list<Socket> hostile;
  for (int i = 0; i < 20; ++i) {
    hostile.emplace_back(node.http(0));
    const std::string head = "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000000\r\n\r\n";
    hostile.back().send(head + std::string(15'000'000, 'x'));
  }
  CHECK(peak_bytes(pid, milliseconds(300)) - before <= kBudgetBytes + 64 * kMiB);
  CHECK_THAT(hostile.back().read_to_end(), StartsWith("HTTP/1.1 503 ") && Contains("Retry-After: 1\r\n"));
  hostile.clear();
  // Their room is free again.
  auto client = node.client(0);
  REQUIRE(eventually([&] { return put(client, "k", std::string(1'000'000, 'v')) == 204; }));
}

TEST_CASE("a client that takes its answers too slowly is ended") {
  Cluster node(node_with("send: 300ms"));
  auto client = node.client(0);
  REQUIRE(put(client, "z", std::string(kValueBytes, '\0')) == 204);
  const auto open = [&] { return node.stats(0).at("http_connections").get<int>(); };
  const int before = open();
  for (const std::string& request : {kGetJson, kGetRaw}) {
    Socket slow(node.http(0));
    REQUIRE(slow.send(request));
    slow.read_until("HTTP/1.1 200 ");
    CHECK(eventually([&] { return open() == before; }));
    CHECK(slow.read_to_end().size() < kValueBytes);
  }
}

TEST_CASE("a client that asks, closes its side and reads nothing is closed, and the system keeps nothing for it") {
  constexpr std::size_t kFewBytes = 200'000;  // fits into the node's buffers, and not into the client's
  Cluster node(node_with("send: 300ms"));
  auto client = node.client(0);
  REQUIRE(put(client, "z", std::string(kFewBytes, '\0')) == 204);
  const auto open = [&] { return node.stats(0).at("http_connections").get<int>(); };
  const int before = open();
  Socket silent(node.http(0), 16'000);
  REQUIRE(silent.send(kGetRaw));
  silent.end_sending();
  silent.read_until("HTTP/1.1 200 ");
  REQUIRE(eventually([&] { return open() == before; }));
  CHECK(silent.read_to_end().size() < kFewBytes / 2);
}

TEST_CASE("a large value is written and read as JSON, whole") {
  Cluster node(node_with("memory: 128MiB"));
  auto client = node.client(0);
  std::string text;
  while (text.size() < 3'000'000) text += "line " + std::to_string(text.size()) + "\n\"\xe2\x82\xac\"";
  const nlohmann::json body = {{"value", {{"inside", text}}}};
  const auto stored = client.ask({.method = "PUT",
                                  .target = "/api/v1/kv/big",
                                  .headers = {{"Content-Type", "application/json"}},
                                  .body = body.dump()});
  REQUIRE(stored);
  REQUIRE(stored->status == 200);
  const auto got = client.get("/api/v1/kv/big");
  REQUIRE(got);
  CHECK(nlohmann::json::parse(got->body).at("value").at("inside") == text);
  // HTTP/1.0 knows no chunks: the body ends with the connection.
  Socket old(node.http(0));
  REQUIRE(old.send("GET /api/v1/kv/big HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"));
  const std::string answer = old.read_to_end();
  CHECK_THAT(answer.substr(0, 1000), StartsWith("HTTP/1.1 200 ") && Contains("Connection: close\r\n"));
  CHECK(nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at("value").at("inside") == text);
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("an allocation that fails is reported before the process ends") {
  cli::TemporaryFolder folder;
  const Address http{"127.0.0.1", static_cast<std::uint16_t>(cli::free_ports(1).at(0))};
  const std::string config = folder.write("one.yaml", "cluster: {nodes: [{name: n1, http: \"" + to_string(http) +
                                                          "\"}], storage: {backend: memory}}\nhttp: {memory: 8GiB}\n");
  Process node({"serve", "--config", config, "--data", folder.path("data")}, folder.path("out"), folder.path("err"),
               [] {
                 const rlimit most{.rlim_cur = 600 * kMiB, .rlim_max = 600 * kMiB};
                 ::setrlimit(RLIMIT_AS, &most);
               });
  REQUIRE(eventually([&] { return output_in(folder.path("err")).find("serving") != std::string::npos; }));
  std::list<Socket> clients;
  for (int i = 0; i < 60; ++i) clients.emplace_back(http);
  for (Socket& client : clients) {
    client.send("PUT /k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000000\r\n\r\n" + std::string(200'000, 'x'));
  }
  CHECK(node.wait() == 3);
  CHECK_THAT(output_in(folder.path("err")),
             Contains("distri-kv: out of memory: ") && Contains(" bytes could not be allocated"));
}
#endif
