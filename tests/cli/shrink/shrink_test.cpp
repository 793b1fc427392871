#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/cli/document.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

// Reads that one node answers alone are sometimes stale; the faults have nothing to do with it.
const char* const kStaleReads =
    "run: 3s\n"
    "cluster: {nodes: 5, n: 3, r: 1, w: 1, heartbeat: {every: 250ms}}\n"
    "network: {latency: {lognormal: {median: 5ms, p99: 50ms}}}\n"
    "workload: {clients: 4, load: {rate: 60/s}, mix: {get: 50, update: 50}, keys: 3}\n"
    "faults:\n"
    "  - {random: {every: 1s, for: [300ms, 900ms], kinds: {pause: 1, clock_skew: 1}}}\n"
    "expect:\n"
    "  - stale_reads == 0\n"
    "  - gets_ok >= 1\n";

// What the program printed, or a file that it wrote, as if its folder were the current one and time stood still.
std::string comparable(std::string text, const TemporaryFolder& folder) {
  const std::string here = folder.path("");
  for (std::size_t at = text.find(here); at != std::string::npos; at = text.find(here)) text.erase(at, here.size());
  return std::regex_replace(text, std::regex(R"(in [0-9.]+ s and)"), "in 0.4 s and");
}

}  // namespace

TEST_CASE("a failing scenario becomes a smaller file that fails in the same way") {
  const TemporaryFolder folder;
  const std::string small = folder.path("small.yaml");
  const Ran ran = run({"shrink", folder.write("stale.yaml", kStaleReads), "-o", small, "--json"});
  REQUIRE(ran.status == 0);
  const json report = ran.json();
  CHECK(report.at("failure").at("kind") == "stale_reads");
  CHECK(report.at("before").at("operations").get<int>() > 80);
  CHECK(report.at("before").at("clients") == 4);
  CHECK(report.at("after").at("clients") == 0);
  CHECK(report.at("after").at("steps") == 2);
  CHECK(report.at("after").at("faults") == 0);
  CHECK(report.at("ended_by") == "nothing_left");
  const Ran again = run({"run", small, "--json"});
  CHECK(again.status == 1);
  CHECK(again.json().at("fingerprint") == report.at("fingerprint"));
  CHECK_THAT(read_file(small), StartsWith("# What fails: the expectation stale_reads == 0.\n"));
}

TEST_CASE("the same number of tries gives the same file for any number of jobs") {
  const TemporaryFolder folder;
  const std::string path = folder.write("stale.yaml", kStaleReads);
  const auto shrink = [&](const char* jobs, const char* tries) {
    REQUIRE(run({"shrink", path, "-o", folder.path("small.yaml"), "--jobs", jobs, "--tries", tries}).status == 0);
    return read_file(folder.path("small.yaml"));
  };
  const std::string after_thirty = shrink("1", "30");
  CHECK(shrink("4", "30") == after_thirty);
  const std::string all = shrink("1", "100000");
  CHECK(shrink("3", "100000") == all);
  CHECK(all.size() < after_thirty.size());
}

TEST_CASE("a capsule of fuzz shrinks, and what is left cannot be cut again") {
  const TemporaryFolder folder;
  const std::string path = folder.write("stale.yaml", kStaleReads);
  const Ran fuzz = run({"fuzz", path, "--faults", "own", "--seeds", "1..2", "--json", "--out", folder.path("out")});
  REQUIRE(fuzz.status == 1);
  const std::string capsule = fuzz.json().at("failures").at(0).at("capsule");
  const Ran first = run({"shrink", capsule});
  CHECK(first.status == 0);
  const std::string small = capsule.substr(0, capsule.size() - 5) + ".small.yaml";
  CHECK_THAT(first.out, Contains("distri-kv run " + small));
  const Ran second = run({"shrink", small, "-o", folder.path("again.yaml")});
  CHECK(second.status == 0);
  CHECK_THAT(second.out, Contains("Nothing could be cut"));
  const auto without_head = [](const std::string& text) { return text.substr(text.find("seed:")); };
  CHECK(without_head(read_file(folder.path("again.yaml"))) == without_head(read_file(small)));
}

TEST_CASE("an early end keeps the smallest run so far") {
  const TemporaryFolder folder;
  const std::string small = folder.path("small.yaml");
  const Ran ran =
      run({"shrink", folder.write("stale.yaml", kStaleReads), "-o", small, "--tries", "1", "--json", "--jobs", "1"});
  REQUIRE(ran.status == 0);
  CHECK(ran.json().at("tries") == 1);
  CHECK(ran.json().at("ended_by") == "tries");
  CHECK(run({"run", small, "--quiet"}).status == 1);
  const Ran timed = run({"shrink", folder.path("stale.yaml"), "-o", small, "--time", "1ns", "--json"});
  CHECK(timed.status == 0);
  CHECK(timed.json().at("ended_by") == "time");
  CHECK(run({"run", small, "--quiet"}).status == 1);
}

TEST_CASE("what cannot be shrunk is answered with the reason and exit status 2") {
  const TemporaryFolder folder;
  const std::string passes = folder.write("passes.yaml", "run: 1s\ncluster: {nodes: 3}\n");
  const Ran nothing = run({"shrink", passes});
  CHECK(nothing.status == 2);
  CHECK_THAT(nothing.err, Contains("passes.yaml: nothing fails in this run"));
  CHECK_FALSE(std::filesystem::exists(folder.path("passes.small.yaml")));

  const std::string fails = folder.write("stale.yaml", kStaleReads);
  const Ran nowhere = run({"shrink", fails, "-o", folder.path("no/such/folder.yaml")});
  CHECK(nowhere.status == 2);
  CHECK_THAT(nowhere.err, Contains("folder.yaml: cannot be written, so the work was not begun"));

  CHECK(run({"shrink", folder.path("missing.yaml")}).status == 2);
  CHECK(run({"shrink"}).status == 2);
  CHECK(run({"shrink", fails, "--tries", "0"}).status == 2);

  const Ran commands = run({"shrink", folder.write("commands.yaml",
                                                   "run: 5s\n"
                                                   "cluster: {nodes: 3}\n"
                                                   "commands: [{at_event: 40, restart: [n1]}, {at_event: 99999, "
                                                   "crash: [n1]}]\n")});
  CHECK(commands.status == 2);
  CHECK_THAT(commands.err, Contains("fails by its commands only"));
}

TEST_CASE("a capsule that does not fail here names the build that recorded it") {
  const TemporaryFolder folder;
  const std::string head =
      "build: another one\nscenario: x\nseed: 1\nfingerprint: \"00000000000000ff\"\nviolation: I1\n"
      "scenario_text: |\n  run: 1s\n  cluster: {nodes: 3}\nschedule: []\n";
  const Ran other = run({"shrink", folder.write("other.yaml", "capsule: 1\n" + head)});
  CHECK(other.status == 2);
  CHECK_THAT(other.err,
             Contains("nothing fails in this run") && Contains("it was recorded by another one, and this is"));
  const Ran seeded = run({"shrink", folder.path("other.yaml"), "--seed", "3"});
  CHECK(seeded.status == 2);
  CHECK_THAT(seeded.err, Contains("--seed and --set are for scenarios"));
  const Ran version = run({"shrink", folder.write("version.yaml", "capsule: 9\n" + head)});
  CHECK(version.status == 2);
  CHECK_THAT(version.err, Contains("a capsule of version 9"));
}

TEST_CASE("a run that no scenario file can say is not written") {
  const TemporaryFolder folder;
  // A scenario refuses a crash of a node that is down; a capsule's schedule need not make sense.
  const std::string capsule =
      folder.write("odd.yaml",
                   "capsule: 1\nscenario: x\nseed: 1\nfingerprint: \"00000000000000ff\"\n"
                   "scenario_text: |\n  run: 9s\n  cluster: {nodes: 3}\n  expect: [restarts == 0]\n"
                   "schedule: [{at: 1s, for: 2s, crash: [n1]}, {at: 2s, for: 2s, crash: [n1]}]\n");
  const Ran ran = run({"shrink", capsule, "--time", "1ns"});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Contains("no smaller run was found whose faults a scenario file can say"));
  CHECK_FALSE(std::filesystem::exists(folder.path("odd.small.yaml")));
  CHECK(run({"shrink", capsule}).status == 0);  // one of the two is enough
}

TEST_CASE("a failure that an empty run has as well keeps an operation of its kind") {
  const TemporaryFolder folder;
  const char* const kNotDone =
      "run: 4s\n"
      "cluster: {nodes: 3, n: 3, r: 2, w: 3, quorum: strict}\n"
      "workload: {clients: 2, load: {rate: 20/s}, mix: {get: 50, update: 50}, keys: 3}\n"
      "faults: [{at: 1s, for: 2s, pause: [n1, n2]}]\n"
      "expect: [puts_ok >= 1000]\n";
  const std::string small = folder.path("small.yaml");
  REQUIRE(run({"shrink", folder.write("few.yaml", kNotDone), "-o", small}).status == 0);
  const json result = run({"run", small, "--json"}).json();
  CHECK_THAT(result.dump(), Contains("puts_ok >= 1000"));
  // Puts of the first run were not done, so one of those is left, and no get.
  const json& operations = result.at("operations");
  CHECK(operations.at("put").at("failed").get<int>() + operations.at("put").at("unknown").get<int>() >= 1);
  CHECK(operations.at("get").at("ok") == 0);
}

TEST_CASE("a run without any operation that its expectation is about is not shrunk") {
  const TemporaryFolder folder;
  const Ran ran = run({"shrink", folder.write("empty.yaml", "run: 1s\ncluster: {nodes: 3}\nexpect: [ops_ok >= 1]\n")});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Contains("ops_ok >= 1") && Contains("there is nothing to shrink"));
  CHECK_FALSE(std::filesystem::exists(folder.path("empty.small.yaml")));
}

TEST_CASE("commands that the failure needs are named") {
  const TemporaryFolder folder;
  const std::string small = folder.path("small.yaml");
  const std::string path = folder.write("commands.yaml",
                                        "run: 5s\n"
                                        "cluster: {nodes: 3}\n"
                                        "workload: {clients: 1, load: {rate: 5/s}}\n"
                                        "commands: [{at_event: 40, restart: [n1]}, {at_event: 60, heal: network}]\n"
                                        "expect: [restarts == 0]\n");
  const Ran told = run({"shrink", path, "-o", small});
  REQUIRE(told.status == 0);
  CHECK_THAT(told.out, Contains("became 0 faults, 1 command and 0 steps") && Contains("restart: [n1], before event "));
  CHECK_THAT(read_file(small), Contains("# It needs this command of the debugger: restart: [n1], before event "));
  const json report = run({"shrink", path, "-o", small, "--json"}).json();
  CHECK(report.at("before").at("commands") == 2);
  CHECK(report.at("after").at("commands") == 1);
  CHECK(report.at("commands_kept").size() == 1);
  CHECK(run({"run", small, "--quiet"}).status == 1);
}

TEST_CASE("the example in docs/shrink.md is what the program prints and writes") {
  const TemporaryFolder folder;
  const std::string root = dkv::paths::kSources;
  const std::string document = read_file(root + "/docs/shrink.md");
  const Ran ran = run({"shrink", root + "/scenarios/no-stale-reads-r2w2.yaml", "--set", "cluster.r=1", "-o",
                       folder.path("stale.yaml")});
  REQUIRE(ran.status == 0);
  CHECK(block_of(document, "text") == comparable(ran.out, folder));
  CHECK(block_of(document, "yaml") == comparable(read_file(folder.path("stale.yaml")), folder));
}
