#include "tests/integration/cluster.h"

#include <signal.h>

#include <algorithm>

#include "cli/cluster/ports.h"
#include "tests/catch.h"

namespace dkv::integration {
namespace {

constexpr int kTries = 5;
constexpr const char* kSecret = "5ec3e7000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c\n";

bool healthy(const Address& node) {
  const auto answer = cli::HttpClient(node, kSecond).get("/api/v1/cluster/health");
  return answer && answer->fine() && nlohmann::json::parse(answer->body).at("status") == "healthy";
}

bool serves(const Address& node) {
  const auto answer = cli::HttpClient(node, kSecond).get("/ready");
  return answer && answer->fine();
}

}  // namespace

Cluster::Cluster(Setup setup) : setup_(std::move(setup)) {
  for (int tries = 0; tries < kTries; ++tries) {
    if (try_to_start()) return;
  }
  FAIL("the nodes do not start; the log of the first one:\n" << log(0));
}

std::string Cluster::config_text() const {
  std::string text = "cluster:\n  name: test\n  secret_file: " + secret_file() + "\n  nodes:\n";
  for (std::size_t i = 0; i < size(); ++i) {
    text += "    - {name: n" + std::to_string(i + 1) + ", http: \"" + to_string(http_[i]) + "\", peer: \"" +
            to_string(peer_[i]) + "\"}\n";
  }
  std::string fields = setup_.cluster;
  for (std::size_t comma = fields.find(", "); comma != std::string::npos; comma = fields.find(", ", comma)) {
    fields.replace(comma, 2, "\n  ");
  }
  if (!fields.empty()) text += "  " + fields + "\n";
  return text + setup_.rest + "\n";
}

bool Cluster::try_to_start() {
  const auto ports = cli::free_ports(std::size_t{2} * setup_.nodes);
  processes_.clear();
  http_.clear();
  peer_.clear();
  for (std::size_t i = 0; i < setup_.nodes; ++i) {
    http_.push_back({"127.0.0.1", ports[2 * i]});
    peer_.push_back({"127.0.0.1", ports[2 * i + 1]});
  }
  folder_.write("secret", kSecret);
  std::filesystem::permissions(secret_file(), std::filesystem::perms::owner_read);
  folder_.write("cluster.yaml", config_text());
  processes_.resize(setup_.nodes);
  for (std::size_t i = 0; i < setup_.nodes; ++i) start(i);
  return eventually([&] {
           for (auto& process : processes_) {
             if (!process->running()) return true;
           }
           return std::ranges::all_of(http_, healthy);
         }) &&
         std::ranges::all_of(processes_, [](auto& process) { return process->running(); });
}

void Cluster::start(std::size_t i) {
  const std::string name = "n" + std::to_string(i + 1);
  processes_[i].reset();
  processes_[i].emplace(std::vector<std::string>{"serve", "--config", config_file(), "--node", name, "--data", data(i)},
                        folder_.path(name + ".out"), folder_.path(name + ".log"));
}

void Cluster::wait_until_serving(std::size_t i) const {
  if (!eventually([&] { return serves(http_[i]); })) FAIL("n" << i + 1 << " does not serve:\n" << log(i));
}

void Cluster::wait_until_met() const {
  REQUIRE(eventually([&] { return std::ranges::all_of(http_, healthy); }));
}

void Cluster::restart(std::size_t i) {
  start(i);
  wait_until_serving(i);
}

std::optional<int> Cluster::end(std::size_t i) {
  process(i).signal(SIGTERM);
  return process(i).wait();
}

std::string Cluster::log(std::size_t i) const {
  return output_in(folder_.path("n" + std::to_string(i + 1) + ".log"));
}

bool Cluster::log_says(std::size_t i, const std::string& what) const {
  return eventually([&] { return log(i).find(what) != std::string::npos; });
}

nlohmann::json Cluster::json(std::size_t i, const std::string& target) const {
  const auto answer = client(i).get(target);
  if (!answer) FAIL(answer.error().what);
  REQUIRE(answer->status == 200);
  return nlohmann::json::parse(answer->body);
}

std::vector<std::size_t> Cluster::preference_list(const std::string& key) const {
  std::vector<std::size_t> nodes;
  const nlohmann::json answer = json(0, "/api/v1/cluster/preflist/" + cli::url_escaped(key));
  for (const auto& node : answer.at("preference_list")) {
    nodes.push_back(std::stoul(node.at("name").get<std::string>().substr(1)) - 1);
  }
  return nodes;
}

std::string get(cli::HttpClient& client, const std::string& key, const std::string& query) {
  const auto answer = client.get("/buckets/default/keys/" + cli::url_escaped(key) + query);
  if (!answer) FAIL(answer.error().what);
  INFO(answer->body);
  REQUIRE(answer->status == 200);
  return answer->body;
}

int put(cli::HttpClient& client, const std::string& key, const std::string& value, const std::string& query) {
  const auto answer = client.ask({.method = "PUT",
                                  .target = "/buckets/default/keys/" + cli::url_escaped(key) + query,
                                  .headers = {{"Content-Type", "text/plain"}},
                                  .body = value});
  return answer ? answer->status : 0;
}

}  // namespace dkv::integration
