#include <cmath>
#include <filesystem>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;

TEST_CASE("bench store measures everything that it has a target for, and leaves nothing behind") {
  const TemporaryFolder folder;
  const Ran ran = run({"bench", "store", "--folder", folder.path(""), "--keys", "3000", "--events", "10000",
                       "--repetitions", "1", "--json"});
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
  const auto json = ran.json();
  CHECK(json.at("bench") == "store");
  CHECK(json.at("keys") == 3000);
  const auto& figures = json.at("figures");
  for (const char* name :
       {"synced_puts_of_bare_percent", "unsynced_puts_per_second", "hot_gets_per_second", "cold_gets_to_pread",
        "restart_seconds", "restart_cached_seconds", "index_bytes_per_key", "resident_bytes_per_key",
        "merging_put_p99_ratio", "json_saved_with_dictionary_percent_1024", "json_saved_percent_16384", "copy_ms"}) {
    CAPTURE(name);
    const auto& figure = figures.at(name);
    CHECK(figure.contains("met"));
    CHECK(figure.contains("at_least") != figure.contains("at_most"));
    CHECK(std::isfinite(figure.at("value").get<double>()));
  }
  for (const char* name :
       {"synced_puts_per_second", "bare_appends_per_second", "synced_puts_syncs_per_second", "bare_syncs_per_second",
        "cold_gets_per_second", "page_cache_gets_per_second", "page_cache_gets_to_pread", "put_p99_us",
        "merging_put_p99_us", "merges", "json_saved_percent_128", "json_saved_with_dictionary_percent_128",
        "json_put_us_1024", "json_put_with_dictionary_us_1024"}) {
    CAPTURE(name);
    CHECK(figures.at(name).at("value").get<double>() > 0);
  }
  CHECK(figures.at("index_bytes_per_key").at("value").get<double>() > 16);
  CHECK(std::filesystem::is_empty(folder.path("")));
}

TEST_CASE("bench store prints a line for each target, met or missed") {
  const TemporaryFolder folder;
  const Ran ran =
      run({"bench", "store", "--folder", folder.path(""), "--keys", "3000", "--events", "10000", "--repetitions", "1"});
  REQUIRE(ran.status == 0);
  CHECK_THAT(ran.out, Contains("at least 80 %: met") || Contains("at least 80 %: MISSED"));
  CHECK_THAT(ran.out, Contains("at most 64 B: met") || Contains("at most 64 B: MISSED"));
  CHECK(std::filesystem::is_empty(folder.path("")));
}

TEST_CASE("bench store --only measures one part") {
  const TemporaryFolder folder;
  const Ran ran = run({"bench", "store", "--folder", folder.path(""), "--keys", "3000", "--events", "10000",
                       "--repetitions", "1", "--only", "hot_gets", "--json"});
  REQUIRE(ran.status == 0);
  const auto figures = nlohmann::json::parse(ran.out).at("figures");
  CHECK(figures.contains("hot_gets_per_second"));
  CHECK(figures.size() == 1);
}
