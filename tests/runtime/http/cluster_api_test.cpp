#include "engine/runtime/http/cluster_api.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/gateway/api_rig.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

nlohmann::json parsed(const Response& response) {
  REQUIRE(response.status == 200);
  return nlohmann::json::parse(response.body);
}

}  // namespace

TEST_CASE("a node that serves is alive, ready and healthy") {
  ApiRig rig;
  CHECK(rig.get("/live").status == 200);
  CHECK(rig.get("/ready").body == "serving\n");
  const auto health = parsed(rig.get("/api/v1/cluster/health"));
  CHECK(health["status"] == "healthy");
  CHECK(health["node"] == "n1");
  REQUIRE(health["members"].size() == 1);
  CHECK(health["members"][0]["self"] == true);
}

TEST_CASE("statistics count keys, and say how the cluster is set up") {
  ApiRig rig;
  rig.put("/api/v1/kv/a", "1");
  rig.put("/api/v1/kv/b", "2");
  const auto stats = parsed(rig.get("/api/v1/cluster/stats"));
  CHECK(stats["keys"] == 2);
  CHECK(stats["partitions"] == 256);
  CHECK(stats["n"] == 1);
  CHECK(parsed(rig.get("/api/v1/admin/stats"))["phase"] == "serving");
  CHECK(parsed(rig.get("/stats"))["events"]["serving"] == 1);
}

TEST_CASE("the ring names an owner for each partition, and a key's list begins with its primaries") {
  ApiRig rig;
  const auto ring = parsed(rig.get("/api/v1/cluster/ring"));
  CHECK(ring["partitions"].size() == 256);
  CHECK(ring["partitions"][17] == nlohmann::json::array({"n1"}));
  const auto list = parsed(rig.get("/api/v1/cluster/preflist/k?bucket=b"));
  CHECK(list["bucket"] == "b");
  CHECK(list["preference_list"][0]["primary"] == true);
}

TEST_CASE("a node's state of a key is shown with its dots, and without values") {
  ApiRig rig;
  CHECK(parsed(rig.get("/api/v1/admin/keys/k"))["object"].is_null());
  rig.put("/buckets/default/keys/k", "secret");
  rig.put("/buckets/default/keys/k", "secret too");
  const Response response = rig.get("/api/v1/admin/keys/k");
  const auto object = parsed(response)["object"];
  REQUIRE(object["siblings"].size() == 2);
  CHECK(object["siblings"][0]["counter"] == 1);
  CHECK(object["seen"][0]["counter"] == 2);
  CHECK_THAT(response.body, !Contains("secret"));
}

TEST_CASE("read-only routes refuse writes") {
  ApiRig rig;
  for (const char* path : {"/metrics", "/ready", "/api/v1/cluster/stats", "/api/v1/admin/keys/k"}) {
    CHECK(rig.put(path, "x").status == 405);
  }
  CHECK(rig.get("/api/v1/nothing").status == 404);
}

TEST_CASE("the metrics are lines that Prometheus reads: each with a type before it, histograms ascending") {
  ApiRig rig;
  rig.put("/api/v1/kv/a", "1");
  std::istringstream lines(rig.get("/metrics").body);
  std::string line, typed;
  std::uint64_t below = 0;
  int values = 0;
  while (std::getline(lines, line)) {
    if (line.starts_with("# HELP ")) continue;
    if (line.starts_with("# TYPE ")) {
      typed = line.substr(7, line.find(' ', 7) - 7);
      continue;
    }
    ++values;
    INFO(line);
    CHECK(line.starts_with(typed));
    const std::uint64_t value = static_cast<std::uint64_t>(std::stod(line.substr(line.rfind(' '))));
    if (line.find("_bucket") != std::string::npos) {
      CHECK((value >= below || line.find("le=\"0.000025\"") != std::string::npos));
      below = value;
    }
  }
  CHECK(values > 50);
}

TEST_CASE("the page and the statistics show the same metrics, one row of the tables each") {
  ApiRig rig;
  rig.put("/api/v1/kv/a", "1");
  const std::string page = rig.get("/metrics").body;
  const auto stats = parsed(rig.get("/api/v1/admin/stats"));
  CHECK_THAT(page,
             Contains("# HELP dkv_keys keys on this node, including tombstones\n# TYPE dkv_keys gauge\ndkv_keys 1\n"));
  CHECK(stats["keys"] == 1);
  CHECK_THAT(page, Contains("\ndkv_up 1\n"));
  CHECK(stats["up"] == true);
  CHECK_THAT(page, Contains("\ndkv_http_connections_refused_total 0\n"));
  CHECK(stats["http_connections_refused"] == 0);
  CHECK_THAT(page, Contains("\ndkv_events_total{what=\"serving\"} 1\n"));
  CHECK(stats["events"]["serving"] == 1);
}

TEST_CASE("the longest turns are shown with their events, the longest first") {
  ApiRig rig;
  for (int i = 0; i < 20; ++i) rig.put("/api/v1/kv/a", "1");
  const auto turns = parsed(rig.get("/api/v1/admin/turns"));
  CHECK(turns["turns"] >= 40);  // one for each request and one for its sync
  REQUIRE(turns["longest"].size() == TurnLog::kKept);
  double before = turns["longest"][0]["seconds"];
  CHECK(turns["longest_in_minute_seconds"] <= before);
  bool requests = false;
  for (const auto& turn : turns["longest"]) {
    CHECK(turn["seconds"] <= before);
    before = turn["seconds"];
    CHECK(turn["at_seconds"] > 1.5e9);
    requests = requests || (turn["event"] == "request" && turn["detail"] == "put");
  }
  CHECK(requests);
  CHECK_THAT(rig.get("/metrics").body, Contains("\ndkv_turn_longest_in_minute_seconds 0."));
  CHECK(parsed(rig.get("/api/v1/admin/stats"))["turn_longest_seconds"] == turns["longest"][0]["seconds"]);
}

TEST_CASE("the moment of a start, seconds since 1970, is shown to the millisecond") {
  ApiRig rig;
  const std::string page = rig.get("/metrics").body;
  const std::size_t at = page.find("\ndkv_start_time_seconds ");
  REQUIRE(at != std::string::npos);
  const std::string line = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
  INFO(line);
  CHECK(line.find('e', line.find(' ')) == std::string::npos);
}

}  // namespace dkv::http
