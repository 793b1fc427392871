#include <algorithm>
#include <sstream>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("a run that holds exits with 0 and tells its story") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory)});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, StartsWith("small\n"));
  CHECK_THAT(ran.out, Contains("a cut, and a crash now and then"));
  CHECK_THAT(ran.out, Contains("puts \"hello\" into \"greeting\" via n1: done"));
  CHECK_THAT(ran.out, Contains("reads \"greeting\" via n2: \"hello\""));
  CHECK_THAT(ran.out, Contains("is split: n1 | n2, n3, n4, for 1 s"));
  CHECK_THAT(ran.out, Contains("the split n1 | n2, n3, n4 ends"));
  CHECK_THAT(ran.out, Contains("all replicas of every key are identical"));
  CHECK_THAT(ran.out, Contains("PASS  small  seed 5  fingerprint "));
  for (const char* code : {"I1", "I2", "I3", "I4", "I5", "I6", "I8"}) CHECK_THAT(ran.out, Contains(code));
}

TEST_CASE("the story's moments come in the order of time") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory)});
  std::istringstream lines(ran.out);
  double last = 0;
  int moments = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    double time = 0;
    char unit = 0;
    if (!(words >> time >> unit) || unit != 's' || !line.starts_with("  ") || line.find('.') > 10) continue;
    CHECK(time >= last);
    last = time;
    ++moments;
  }
  CHECK(moments >= 6);
}

TEST_CASE("the same run tells the same story") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const std::string first = without_speed(run({"run", path}).out);
  CHECK(first == without_speed(run({"run", path}).out));
  CHECK(first != without_speed(run({"run", path, "--seed", "6"}).out));
}

TEST_CASE("a story in a pipe has no escape codes, and no line is wider than 110 columns") {
  const TemporaryFolder folder;
  std::string hostile = kSmallStory;
  // The escape is written in YAML's notation, and becomes a real one when it is read.
  hostile.replace(hostile.find("value: hello"), 12, R"(value: "\e[31mhello")");
  const Ran ran = run({"run", folder.write("small.yaml", hostile)});
  CHECK_THAT(ran.out, Contains("[31mhello"));
  CHECK(ran.out.find('\x1b') == std::string::npos);
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; });
    CAPTURE(line);
    CHECK(columns <= 110);
  }
}

TEST_CASE("a broken expectation exits with 1 and is named") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--set", "expect=[ops_ok == 0]"});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, Contains("FAIL  small"));
  CHECK_THAT(ran.out, Contains("ops_ok == 0: it is "));
}

TEST_CASE("a step with an unexpected result is reported at once, and the run exits with 1") {
  const TemporaryFolder folder;
  const Ran ran =
      run({"run", folder.write("small.yaml", kSmallStory), "--set", "workload.steps.1.expect={value: goodbye}"});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, Contains("!! bob"));
}

TEST_CASE("run --quiet prints the verdict only") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran ran = run({"run", path, "--quiet"});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, StartsWith("PASS  small"));
  CHECK(std::ranges::count(ran.out, '\n') == 1);
  const Ran failed = run({"run", path, "--quiet", "--set", "expect=[ops_ok == 0]"});
  CHECK(failed.status == 1);
  CHECK_THAT(failed.out, Contains("ops_ok == 0: it is "));
}

TEST_CASE("a scenario with a mistake exits with 2 and says where it is") {
  const TemporaryFolder folder;
  const std::string path = folder.write("bad.yaml", "about: x\nclutser: {nodes: 3}\n");
  const Ran ran = run({"run", path});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, StartsWith(path + ":2:1: "));
  CHECK_THAT(ran.err, Contains("'cluster'"));
}

TEST_CASE("an unknown file exits with 2 and is named") {
  const Ran ran = run({"run", "/nowhere/story.yaml"});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("/nowhere/story.yaml"));
}

TEST_CASE("a wrong --set exits with 2 and suggests the right word") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran wrong_name = run({"run", path, "--set", "cluster.wrte=1"});
  CHECK(wrong_name.status == 2);
  CHECK_THAT(wrong_name.err, StartsWith("--set:1:"));
  CHECK_THAT(wrong_name.err, Contains("wrte"));
  const Ran wrong_value = run({"run", path, "--set", "cluster.r=2", "--set", "cluster.w=9"});
  CHECK(wrong_value.status == 2);
  CHECK_THAT(wrong_value.err, StartsWith("--set:2:"));
  const Ran no_value = run({"run", path, "--set", "cluster.w"});
  CHECK(no_value.status == 2);
  CHECK_THAT(no_value.err, Contains("path=value"));
}

TEST_CASE("run --json prints one object with everything that scripts rely on") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--json"});
  REQUIRE(ran.status == 0);
  CHECK(std::ranges::count(ran.out, '\n') == 1);
  const auto json = ran.json();
  CHECK(json.at("scenario") == "small");
  CHECK(json.at("seed") == 5);
  CHECK(json.at("verdict") == "pass");
  CHECK(json.at("fingerprint").get<std::string>().size() == 16);
  CHECK(json.at("events").get<std::uint64_t>() > 100);
  CHECK(json.at("sim_seconds").get<double>() >= 3.0);
  CHECK(json.at("wall_seconds").get<double>() > 0);
  for (const char* kind : {"get", "put", "delete"}) {
    for (const char* field : {"ok", "failed", "unknown"}) CHECK(json.at("operations").at(kind).contains(field));
    for (const char* field : {"p50", "p99", "p999"}) CHECK(json.at("latency").at(kind).contains(field));
  }
  CHECK(json.at("operations").at("get").at("ok").get<std::uint64_t>() > 10);
  CHECK(json.at("latency").at("get").at("p99") >= json.at("latency").at("get").at("p50"));
  CHECK(json.at("availability").get<double>() > 50);
  CHECK(json.at("violations").empty());
  CHECK(json.at("expected_violations").empty());
  CHECK(json.at("excused").is_array());
  CHECK(json.at("failed_expectations").empty());
  REQUIRE(json.at("faults").size() >= 2);
  const auto cut =
      std::ranges::find_if(json.at("faults"), [](const auto& fault) { return fault.at("kind") == "partition"; });
  REQUIRE(cut != json.at("faults").end());
  CHECK(cut->at("at") == 1.0);
  CHECK(cut->at("for") == 1.0);
  CHECK(cut->at("random") == false);
  CHECK(json.at("stats").at("events") == json.at("events"));
  CHECK(json.at("stats").contains("hints_delivered"));
}

TEST_CASE("run --json of a failure names the failure and exits with 1") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--json", "--set", "expect=[ops_ok == 0]"});
  CHECK(ran.status == 1);
  CHECK(ran.json().at("verdict") == "fail");
  REQUIRE(ran.json().at("failed_expectations").size() == 1);
  CHECK_THAT(ran.json().at("failed_expectations").at(0).get<std::string>(), StartsWith("ops_ok == 0: it is "));
}

TEST_CASE("story, JSON and quiet runs have the same fingerprint, another seed another one") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const std::string fingerprint = run({"run", path, "--json"}).json().at("fingerprint");
  CHECK(fingerprint_in(run({"run", path}).out) == fingerprint);
  CHECK(fingerprint_in(run({"run", path, "--quiet"}).out) == fingerprint);
  CHECK(run({"run", path, "--json", "--seed", "6"}).json().at("fingerprint") != fingerprint);
}

TEST_CASE("run --schedule plays exactly the faults of the file") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const std::string schedule = folder.write("faults.yaml", "schedule:\n  - {at: 1500ms, for: 500ms, crash: [n2]}\n");
  const auto json = run({"run", path, "--json", "--schedule", schedule}).json();
  REQUIRE(json.at("faults").size() == 1);
  CHECK(json.at("faults").at(0).at("kind") == "crash");
  CHECK(json.at("stats").at("restarts") == 1);
  const Ran none = run({"run", path, "--json", "--schedule", folder.write("none.yaml", "schedule: []\n")});
  CHECK(none.json().at("faults").empty());
  const Ran unknown =
      run({"run", path, "--schedule", folder.write("bad.yaml", "schedule:\n  - {at: 1s, crash: [n9]}\n")});
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.err, Contains("bad.yaml:2:"));
}

TEST_CASE("a long run with hundreds of faults is still a short story") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--set", "run=500s"});
  CHECK_THAT(ran.out, Contains("further faults are only counted"));
  CHECK_THAT(ran.out, Contains("more faults began or ended"));
  CHECK(std::ranges::count(ran.out, '\n') < 420);
}
