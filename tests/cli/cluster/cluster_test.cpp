// The commands for real nodes, as a person types them. The nodes are processes of this machine on loopback.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

// A temporary state folder of a user. No node in it is left running.
class Home {
 public:
  Home() {
    ::setenv("XDG_STATE_HOME", folder_.path("").c_str(), 1);
    ::unsetenv("DISTRI_KV_AT");
  }
  ~Home() {
    // Needed when a test failed before it could stop the nodes.
    for (const char* node : {"n1", "n2", "n3"}) run({"cluster", "resume", node});
    run({"cluster", "stop"});
    ::unsetenv("XDG_STATE_HOME");
  }
  std::string cluster(const std::string& name) const { return folder_.path("distri-kv/cluster/" + name); }

 private:
  TemporaryFolder folder_;
};

Ran start(std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"cluster", "start", "--port", "0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

nlohmann::json node(const Ran& status, std::size_t i) {
  return status.json().at("nodes").at(i);
}

}  // namespace

TEST_CASE("a cluster is started, used, hurt, healed and stopped by commands") {
  const Home home;
  const Ran started = start();
  INFO(started.err);
  REQUIRE(started.status == 0);
  for (const char* text : {"n1", "n2", "n3", "serving", "distri-kv put hello world"}) {
    CHECK_THAT(started.out, Contains(text));
  }
  CHECK(run({"put", "hello", "world"}).out == "\"hello\" stored: 2 copies stored, 2 needed\n");
  CHECK(run({"get", "hello"}).out == "world");
  CHECK(run({"explain", "hello"}).status == 0);
  CHECK(run({"status"}).status == 0);

  CHECK(run({"cluster", "kill", "n2"}).status == 0);
  const Ran hurt = run({"cluster", "status", "--json"});
  CHECK(hurt.status == 1);
  CHECK(node(hurt, 1).at("state") == "dead");
  CHECK(run({"put", "hello", "again"}).status == 0);
  const Ran explained = run({"explain", "hello"});
  CHECK(explained.status == 1);
  CHECK_THAT(explained.out, Contains("n2 does not answer."));
  CHECK(run({"cluster", "kill", "n2"}).status == 1);

  CHECK(run({"cluster", "pause", "n3"}).status == 0);
  CHECK(node(run({"cluster", "status", "--json"}), 2).at("state") == "paused");
  CHECK(run({"cluster", "resume", "n3"}).status == 0);
  CHECK(run({"cluster", "restart", "n2"}).status == 0);
  CHECK(run({"get", "hello", "--r", "all"}).out == "again");
  CHECK(run({"explain", "hello", "--json"}).json().at("replicas").size() == 3);

  const Ran stopped = run({"cluster", "stop"});
  CHECK(stopped.status == 0);
  CHECK(stopped.out == "n1 ended\nn2 ended\nn3 ended\n");
  CHECK(run({"cluster", "status"}).status == 1);
}

TEST_CASE("a running cluster is not started again, and a stopped one continues with its data") {
  const Home home;
  REQUIRE(start({"--nodes", "2", "--set", "cluster.w=1"}).status == 0);
  REQUIRE(run({"put", "hello", "world"}).status == 0);
  const Ran second = start();
  CHECK(second.status == 2);
  CHECK_THAT(second.err, Contains("a cluster is already running in") && Contains("(n1 and n2)"));
  REQUIRE(run({"cluster", "stop"}).status == 0);
  CHECK_THAT(start({"--nodes", "3"}).err, Contains("holds a cluster of 2 nodes with its data"));
  REQUIRE(start().status == 0);
  CHECK(run({"get", "hello"}).out == "world");
  CHECK(run({"status", "--json"}).json().at("w") == 1);  // --set was kept
}

TEST_CASE("wrong settings start nothing and leave nothing behind") {
  const Home home;
  const Ran wrong = start({"--set", "cluster.w=9"});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, Contains("--set") && Contains("9"));
  CHECK_THAT(run({"cluster", "status"}).err, Contains("there is no cluster in"));
}

TEST_CASE("no signal reaches a process that only has the id of a node") {
  const Home home;
  REQUIRE(start({"--nodes", "1"}).status == 0);
  REQUIRE(run({"cluster", "stop"}).status == 0);
  // The id of this very process with another start time, as after a reboot of the machine.
  {
    std::FILE* file = std::fopen(home.cluster("n1/pid").c_str(), "w");
    REQUIRE(file != nullptr);
    std::fprintf(file, "%d 1\n", static_cast<int>(::getpid()));
    std::fclose(file);
  }
  CHECK(run({"cluster", "kill", "n1"}).status == 1);
  CHECK(run({"cluster", "stop"}).out == "n1 was not running\n");
  CHECK(run({"cluster", "restart", "n1"}).status == 0);
}

TEST_CASE("siblings are shown with the command that resolves them") {
  const Home home;
  REQUIRE(start({"--nodes", "1"}).status == 0);
  REQUIRE(run({"put", "cart", "bread", "--blind"}).status == 0);
  REQUIRE(run({"put", "cart", "milk", "--blind"}).status == 0);
  const Ran shown = run({"get", "cart"});
  CHECK(shown.status == 0);
  for (const char* text : {"2 siblings", "\"bread\"", "\"milk\"", "distri-kv put cart VALUE --context "}) {
    CHECK_THAT(shown.out, Contains(text));
  }
  const auto json = run({"get", "cart", "--json"}).json();
  CHECK(json.at("values").size() == 2);
  REQUIRE(run({"put", "cart", "bread, milk", "--context", json.at("context")}).status == 0);
  CHECK(run({"get", "cart"}).out == "bread, milk");
  // The same context again has not seen the last write, so that write stays.
  REQUIRE(run({"put", "cart", "late", "--context", json.at("context")}).status == 0);
  CHECK(run({"get", "cart", "--json"}).json().at("values").size() == 2);
  // Without a context, the present versions are replaced.
  REQUIRE(run({"put", "cart", "all"}).status == 0);
  CHECK(run({"get", "cart", "--json"}).json().at("values").at(0).at("value") == "all");
}

TEST_CASE("the exit status tells missing keys from impossible requests and unreachable nodes") {
  const Home home;
  const Ran nobody = run({"get", "hello", "--at", "127.0.0.1:1"});
  CHECK(nobody.status == 2);
  CHECK_THAT(nobody.err, Contains("no server listens at 127.0.0.1:1: is a node running?"));
  REQUIRE(start({"--nodes", "2"}).status == 0);
  CHECK(run({"get", "hello"}).status == 1);
  CHECK(run({"get", "hello", "--json"}).json().at("found") == false);
  CHECK(run({"delete", "hello"}).status == 1);
  CHECK(run({"explain", "hello"}).status == 1);
  const Ran wrong = run({"get", "hello", "--r", "3"});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, Contains("n is 2"));
  REQUIRE(run({"put", "hello", "x"}).status == 0);
  CHECK(run({"delete", "hello"}).status == 0);
  CHECK_THAT(run({"get", "hello"}).err, Contains("it was deleted"));
  REQUIRE(run({"cluster", "kill", "n2"}).status == 0);
  CHECK(run({"put", "hello", "x", "--w", "all", "--pw", "all"}).status == 1);
}

TEST_CASE("keys, buckets and values of any bytes go through the commands") {
  const Home home;
  REQUIRE(start({"--nodes", "1"}).status == 0);
  const std::string key = "a/b c?d=e%2F\xc3\xa4", value = "line\nother \xff line\x01";
  REQUIRE(run({"put", key, value, "--bucket", "my bucket"}).status == 0);
  CHECK(run({"get", key, "--bucket", "my bucket"}).out == value);
  CHECK(run({"get", key}).status == 1);
  CHECK(run({"explain", key, "--bucket", "my bucket"}).status == 0);
  CHECK(run({"get", key, "--bucket", "my bucket", "--json"}).json().at("values").at(0).at("encoding") == "base64");
}

TEST_CASE("the ring and the preference list name the holders of partitions and keys") {
  const Home home;
  REQUIRE(start().status == 0);
  const auto ring = run({"ring", "--json"}).json();
  CHECK(ring.at("partitions").size() == 256);
  CHECK_THAT(run({"ring"}).out, StartsWith("256 partitions, each on 3 nodes:"));
  const auto list = run({"preflist", "hello", "--json"}).json();
  CHECK(list.at("preference_list").size() == 3);
  CHECK_THAT(run({"preflist", "hello"}).out, Contains("replica 3"));
}
