#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/client/http_client.h"
#include "tests/cli/program.h"
#include "tests/integration/process.h"

namespace dkv::integration {

struct Setup {
  std::uint32_t nodes = 3;
  std::string cluster;  // fields besides name and nodes, such as "n: 2, r: 1, w: 2"
  std::string rest;     // further lines of the configuration, such as "http: {request: 300ms}"
};

// Nodes n1, n2, ... as real processes on loopback, with their data in a folder of this object. The constructor waits
// until all serve and see each other. If another process takes a port meanwhile, it tries again.
class Cluster {
 public:
  explicit Cluster(Setup setup = {});

  std::size_t size() const noexcept { return http_.size(); }
  const Address& http(std::size_t i) const { return http_[i]; }
  const Address& peer(std::size_t i) const { return peer_[i]; }
  cli::HttpClient client(std::size_t i, TimeNs timeout_ns = 10 * kSecond) const { return {http_[i], timeout_ns}; }
  Process& process(std::size_t i) { return *processes_[i]; }

  void kill(std::size_t i) { process(i).kill(); }
  void start(std::size_t i);  // does not wait
  void wait_until_serving(std::size_t i) const;
  void wait_until_met() const;            // every node sees all others
  void restart(std::size_t i);            // start(), then waits until it serves
  std::optional<int> end(std::size_t i);  // SIGTERM; returns the exit status

  std::string log(std::size_t i) const;
  bool log_says(std::size_t i, const std::string& what) const;  // waits a little for it
  std::string data(std::size_t i) const { return folder_.path("n" + std::to_string(i + 1)); }
  std::string config_file() const { return folder_.path("cluster.yaml"); }
  std::string secret_file() const { return folder_.path("secret"); }
  const cli::TemporaryFolder& folder() const noexcept { return folder_; }

  // The JSON of a 200 answer.
  nlohmann::json json(std::size_t i, const std::string& target) const;
  nlohmann::json stats(std::size_t i) const { return json(i, "/api/v1/admin/stats"); }
  std::uint64_t event(std::size_t i, const std::string& name) const { return stats(i).at("events").at(name); }
  // The replicas of the key in order, then the stand-ins.
  std::vector<std::size_t> preference_list(const std::string& key) const;

 private:
  bool try_to_start();
  std::string config_text() const;

  Setup setup_;
  cli::TemporaryFolder folder_;
  std::vector<Address> http_, peer_;
  std::vector<std::optional<Process>> processes_;
};

// The value of a 200 answer. Any other answer fails the test.
std::string get(cli::HttpClient& client, const std::string& key, const std::string& query = {});
// The status of the answer; 0 when the node did not answer.
int put(cli::HttpClient& client, const std::string& key, const std::string& value, const std::string& query = {});

}  // namespace dkv::integration
