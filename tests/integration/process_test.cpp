// One node as a process: its folder, its ports, its end.
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cli/cluster/ports.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const Setup kOneNode{.nodes = 1, .cluster = {}, .rest = {}};

std::uint64_t in_progress(const Cluster& cluster, std::size_t i) {
  return cluster.stats(i).at("operations_in_progress");
}

// Arguments for a node in a cluster of one.
std::vector<std::string> serve(const cli::TemporaryFolder& folder, const Address& http, const std::string& data) {
  const std::string config =
      folder.write("one.yaml", "cluster: {nodes: [{name: n1, http: \"" + to_string(http) + "\"}]}\n");
  return {"serve", "--config", config, "--data", data};
}
const Address kAnyPort{"127.0.0.1", 0};

// A file system of a few megabytes, unmounted at the end.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {
    ::mkdir(folder_.c_str(), 0700);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=8m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  bool mounted() const noexcept { return mounted_; }
  const std::string& folder() const noexcept { return folder_; }

 private:
  std::string folder_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a second process on a data folder says that it is in use, and exits with 2") {
  Cluster node(kOneNode);
  Process second(serve(node.folder(), kAnyPort, node.data(0)), node.folder().path("second.out"),
                 node.folder().path("second.err"));
  CHECK(second.wait() == 2);
  CHECK_THAT(output_in(node.folder().path("second.err")),
             Contains("is in use by process " + std::to_string(node.process(0).pid())));
  auto client = node.client(0);
  CHECK(put(client, "k", "v") == 204);
}

TEST_CASE("a port that is taken is named, and the exit status is 2") {
  Cluster node(kOneNode);
  Process second(serve(node.folder(), node.http(0), node.folder().path("other")), node.folder().path("second.out"),
                 node.folder().path("second.err"));
  CHECK(second.wait() == 2);
  CHECK_THAT(output_in(node.folder().path("second.err")),
             Contains("can't listen on " + to_string(node.http(0)) + ": Address already in use"));
}

TEST_CASE("the first line of serve has the address of the API and a command to try") {
  cli::TemporaryFolder folder;
  Process node(serve(folder, kAnyPort, folder.path("data")), folder.path("out"), folder.path("err"));
  REQUIRE(eventually([&] { return output_in(folder.path("out")).find('\n') != std::string::npos; }));
  const std::string line = output_in(folder.path("out"));
  CHECK_THAT(line, Contains("http://127.0.0.1:") && Contains("curl") && Contains(folder.path("data")));
  node.signal(SIGTERM);
  CHECK(node.wait() == 0);
}

TEST_CASE("after SIGTERM requests in progress are answered, and the next start finds everything") {
  Cluster cluster;
  // The write needs all three nodes, and one of them is paused. So the request stays in progress as long as the test
  // needs.
  auto client = cluster.client(0);
  REQUIRE(put(client, "before", "1") == 204);
  cluster.process(2).pause();
  Socket slow(cluster.http(0));
  REQUIRE(
      slow.send("PUT /buckets/default/keys/flying?w=3&timeout=8000 HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                "text/plain\r\nContent-Length: 1\r\n\r\n2"));
  REQUIRE(eventually([&] { return in_progress(cluster, 0) > 0; }));
  cluster.process(0).signal(SIGTERM);
  REQUIRE(cluster.log_says(0, "stopping"));
  cluster.process(2).signal(SIGCONT);
  CHECK_THAT(slow.read_to_end(), StartsWith("HTTP/1.1 204 "));
  CHECK(cluster.process(0).wait() == 0);
  cluster.restart(0);
  auto again = cluster.client(0);
  CHECK(get(again, "before") == "1");
  CHECK(get(again, "flying") == "2");
}

TEST_CASE("a second SIGTERM ends a node at once, even with requests in progress") {
  Cluster cluster;
  cluster.process(2).pause();
  Socket slow(cluster.http(0));
  REQUIRE(
      slow.send("PUT /buckets/default/keys/k?w=3&timeout=60000 HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                "text/plain\r\nContent-Length: 1\r\n\r\n2"));
  REQUIRE(eventually([&] { return in_progress(cluster, 0) > 0; }));
  cluster.process(0).signal(SIGTERM);
  REQUIRE(cluster.log_says(0, "stopping"));
  CHECK(cluster.process(0).running());
  cluster.process(0).signal(SIGTERM);
  CHECK(cluster.process(0).wait() == 0);
  CHECK(slow.read_to_end().empty());
}

TEST_CASE("a full disk refuses writes, and reads continue") {
  cli::TemporaryFolder folder;
  SmallDisk disk(folder.path("disk"));
  if (!disk.mounted()) {
    WARN("SKIPPED: mounting a tmpfs is not allowed here");
    return;
  }
  const Address http{"127.0.0.1", cli::free_ports(1).front()};
  std::vector<std::string> arguments = serve(folder, http, disk.folder() + "/data");
  arguments.insert(arguments.end(), {"--set", "cluster.storage.segment=256KiB"});  // smaller than this disk
  Process node(arguments, folder.path("out"), folder.path("err"));
  cli::HttpClient client(http, 10 * kSecond);
  const bool ready = eventually([&] {
    const auto answer = client.get("/ready");
    return answer && answer->fine();
  });
  INFO("the log: " << output_in(folder.path("err")));
  REQUIRE(ready);
  // Incompressible bytes, until there is no room for more.
  std::string value(200'000, '\0');
  std::uint64_t state = 1;
  for (char& byte : value)
    byte = static_cast<char>((state = state * 6364136223846793005u + 1442695040888963407u) >> 56);
  int stored = 0, status = 204;
  while (stored < 100 && (status = put(client, "key " + std::to_string(stored), value)) == 204) ++stored;
  CHECK(stored > 0);
  CHECK(status == 503);
  CHECK(node.running());
  for (int i = 0; i < stored; ++i) CHECK(get(client, "key " + std::to_string(i)) == value);
}
