#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;

TEST_CASE("lint finds no mistake in a good scenario and says so") {
  const TemporaryFolder folder;
  const Ran ran = run({"lint", folder.write("good.yaml", kSmallStory)});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, Contains("1 file: no mistake found"));
}

TEST_CASE("lint names every mistake of every file with its place, and runs nothing") {
  const TemporaryFolder folder;
  const std::string good = folder.write("good.yaml", kSmallStory);
  const std::string bad = folder.write("bad.yaml", "about: x\nrun: 5\nclutser: {nodes: 3}\n");
  const std::string absent = folder.path("absent.yaml");
  const Ran ran = run({"lint", good, bad, absent});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains(bad + ":2:6: "));
  CHECK_THAT(ran.err, Contains(bad + ":3:1: "));
  CHECK_THAT(ran.err, Contains("cluster"));
  CHECK_THAT(ran.err, Contains(absent));
  CHECK_THAT(ran.err, !Contains(good));
}

TEST_CASE("lint --json gives editors each mistake as an object") {
  const TemporaryFolder folder;
  const std::string bad = folder.write("bad.yaml", "about: x\nrun: 5\n");
  const Ran ran = run({"lint", bad, "--json"});
  CHECK(ran.status == 2);
  const auto json = ran.json();
  CHECK(json.at("files") == 1);
  CHECK(json.at("clean") == 0);
  REQUIRE_FALSE(json.at("complaints").empty());
  const auto& first = json.at("complaints").at(0);
  CHECK(first.at("file") == bad);
  CHECK(first.at("line") == 2);
  CHECK(first.at("column") == 6);
  CHECK_FALSE(first.at("meant").get<std::string>().empty());
}

TEST_CASE("lint without a file exits with 2") {
  const Ran ran = run({"lint"});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Contains("SCENARIO"));
}
