// Contexts and the secret of the cluster, on real nodes.
#include <signal.h>
#include <sys/stat.h>

#include "engine/gateway/context_seal.h"
#include "engine/gateway/message.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"

using namespace dkv;
using namespace dkv::integration;

namespace {

constexpr const char* kNewSecret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

cli::HttpAnswer asked(const Cluster& cluster, std::size_t node, const std::string& method, const std::string& key,
                      const std::string& context = {}) {
  cli::HttpRequest request{.method = method, .target = "/buckets/default/keys/" + key, .headers = {}, .body = {}};
  if (method == "PUT") {
    request.headers.emplace_back("Content-Type", "text/plain");
    request.body = "v";
  }
  if (!context.empty()) request.headers.emplace_back("X-Riak-Vclock", context);
  auto client = cluster.client(node);
  const auto answer = client.ask(request);
  if (!answer) FAIL(answer.error().what);
  return *answer;
}

std::string context_at(const Cluster& cluster, std::size_t node, const std::string& key) {
  const auto answer = asked(cluster, node, "GET", key);
  const std::string* context = answer.header("X-Riak-Vclock");
  REQUIRE(context != nullptr);
  return *context;
}

std::string write_secret(const Cluster& cluster, const std::string& name, const std::string& text) {
  const std::string file = cluster.folder().write(name, text);
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  return file;
}

}  // namespace

TEST_CASE("nodes refuse contexts that the cluster did not give out for the key, and the key stays writable") {
  Cluster cluster;
  REQUIRE(asked(cluster, 0, "PUT", "a").status == 204);
  REQUIRE(asked(cluster, 1, "PUT", "b").status == 204);
  const std::string own = context_at(cluster, 0, "a"), other = context_at(cluster, 0, "b");
  // A counter that no node will ever mint, of the node's own actor, signed by somebody else.
  std::string bytes;
  REQUIRE(http::decode_base64(own, bytes));
  const Context seen = *decode_context(std::string_view(bytes).substr(
      ContextSeal::kHeadBytes, bytes.size() - ContextSeal::kHeadBytes - ContextSeal::kMacBytes));
  const Context far{VersionVector().with({seen.seen.entries()[0].actor, kContextCounterMax}), seen.hlc};
  std::string forged = ContextSeal("test", {}).seal(*Key::make("default", "a"), far);
  forged.replace(1, 4, bytes, 1, 4);
  const std::pair<std::string, const char*> kCases[] = {
      {other, "it belongs to another key"},
      {http::encode_base64(forged), "its MAC is wrong"},
      {http::encode_base64(ContextSeal("test", {}).seal(*Key::make("default", "a"), far)), "another cluster"},
      {http::encode_base64(bytes.substr(0, bytes.size() - 1)), "cut short"},
      {http::encode_base64("\x01" + encode_context(far) + "sum4"), "no MAC"},
      {"?", "no base64"}};
  for (const auto& [context, reason] : kCases) {
    CAPTURE(reason);
    for (const char* method : {"PUT", "DELETE"}) {
      const auto answer = asked(cluster, 1, method, "a", context);
      CHECK(answer.status == 400);
      CHECK_THAT(answer.body, ContainsSubstring(reason));
    }
  }
  // Each node takes the contexts of each other one.
  CHECK(asked(cluster, 1, "PUT", "a", own).status == 204);
  CHECK(asked(cluster, 2, "DELETE", "a", context_at(cluster, 1, "a")).status == 204);
  CHECK(asked(cluster, 0, "GET", "a").status == 404);
}

TEST_CASE("a secret is replaced while contexts of both are accepted, and the old one ends with the last round") {
  Cluster cluster({.nodes = 1, .cluster = {}, .rest = {}});
  const std::string config = cli::read_file(cluster.config_file());
  const std::string old_file = cluster.secret_file(), new_file = write_secret(cluster, "new", kNewSecret);
  const auto round = [&](const std::string& current, const std::string& accepted) {
    std::string changed = config;
    const std::string line = "secret_file: " + old_file;
    changed.replace(
        changed.find(line), line.size(),
        "secret_file: " + current + (accepted.empty() ? "" : "\n  secret_files_accepted: [" + accepted + "]"));
    cluster.folder().write("cluster.yaml", changed);
    REQUIRE(cluster.end(0) == 0);
    cluster.restart(0);
  };
  REQUIRE(asked(cluster, 0, "PUT", "a").status == 204);
  const std::string first = context_at(cluster, 0, "a");
  round(old_file, new_file);
  CHECK(context_at(cluster, 0, "a") == first);
  round(new_file, old_file);
  const std::string second = context_at(cluster, 0, "a");
  CHECK(second != first);
  CHECK(asked(cluster, 0, "PUT", "a", first).status == 204);
  CHECK(asked(cluster, 0, "PUT", "a", second).status == 204);
  round(new_file, {});
  const auto ended = asked(cluster, 0, "PUT", "a", first);
  CHECK(ended.status == 400);
  CHECK_THAT(ended.body, ContainsSubstring("a secret that has ended"));
  CHECK(asked(cluster, 0, "PUT", "a", second).status == 204);
}

TEST_CASE("a node does not start with a secret that others can read, nor with peers and without a secret") {
  Cluster cluster({.nodes = 2, .cluster = "n: 2", .rest = {}});
  REQUIRE(cluster.end(0) == 0);
  const auto refused = [&](const std::string& says) {
    Process again({"serve", "--config", cluster.config_file(), "--node", "n1", "--data", cluster.data(0)},
                  cluster.folder().path("again.out"), cluster.folder().path("again.err"));
    CHECK(again.wait() == 2);
    CHECK_THAT(output_in(cluster.folder().path("again.err")), ContainsSubstring(says));
  };
  REQUIRE(::chmod(cluster.secret_file().c_str(), 0644) == 0);
  refused("other users may use it (mode 0644)");
  std::string config = cli::read_file(cluster.config_file());
  const std::string line = "  secret_file: " + cluster.secret_file() + "\n";
  config.erase(config.find(line), line.size());
  cluster.folder().write("cluster.yaml", config);
  refused("cluster.secret_file is missing");
}

TEST_CASE("a node without peers makes a secret that its owner alone can read, and keeps it over restarts") {
  cli::TemporaryFolder folder;
  const std::string config =
      folder.write("one.yaml", "cluster: {nodes: [{name: n1, http: 127.0.0.1:0}], storage: {backend: memory}}\n");
  std::string before;
  for (int start = 0; start < 2; ++start) {
    const std::string log = folder.path("log" + std::to_string(start));
    Process node({"serve", "--config", config, "--data", folder.path("data")}, folder.path("out"), log);
    REQUIRE(eventually([&] { return output_in(log).find("serving") != std::string::npos; }));
    node.signal(SIGTERM);
    REQUIRE(node.wait() == 0);
    struct stat status{};
    REQUIRE(::stat(folder.path("data/SECRET").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    const std::string secret = cli::read_file(folder.path("data/SECRET"));
    CHECK((before.empty() || secret == before));
    before = secret;
  }
}
