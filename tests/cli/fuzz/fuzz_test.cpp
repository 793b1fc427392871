#include <cstdlib>
#include <filesystem>
#include <map>

#include "tests/catch.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

// A crash may hit a step of the script, and fuzzing would correctly call that a failure.
const char* const kNoSteps = "workload.steps=[]";

// The part of a report that must not depend on the number of threads.
json outcome_of(json report) {
  for (const char* field :
       {"wall_seconds", "cpu_seconds", "seeds_per_second", "events_per_second", "sim_seconds_per_second",
        "seeds_per_cpu_second", "events_per_cpu_second", "sim_seconds_per_cpu_second"}) {
    CHECK(report.at(field).get<double>() > 0);
    report.erase(field);
  }
  return report;
}

}  // namespace

TEST_CASE("two jobs find the same as one") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const auto fuzz = [&](const char* jobs) {
    return run(
        {"fuzz", path, "--seeds", "1..12", "--jobs", jobs, "--json", "--out", folder.path("out"), "--set", kNoSteps});
  };
  const Ran one = fuzz("1");
  const Ran two = fuzz("2");
  CHECK(one.status == 0);
  CHECK(two.status == 0);
  CHECK(outcome_of(one.json()) == outcome_of(two.json()));
  CHECK(one.json().at("runs") == 12);
  CHECK(one.json().at("failed") == 0);
  CHECK(one.json().at("failures").empty());
}

TEST_CASE("a probe counts the runs that reached its situation") {
  const TemporaryFolder folder;
  const Ran ran =
      run({"fuzz", folder.write("small.yaml", kSmallStory), "--seeds", "1..8", "--json", "--set", kNoSteps});
  REQUIRE(ran.status == 0);
  std::map<std::string, int> hits;
  const json report = ran.json();
  for (const json& probe : report.at("probes")) hits[probe.at("name")] = probe.at("hits");
  CHECK(hits.at("fault_partition") == 8);  // the scenario's own, in each run
  CHECK(hits.at("fault_wipe") == 0);       // not in its palette
  CHECK(hits.at("restarts") > 0);
  CHECK(hits.at("hints_delivered") > 0);
  CHECK(hits.contains("hints_expired"));
}

TEST_CASE("without a scenario each seed draws its own") {
  const TemporaryFolder folder;
  const Ran ran = run({"fuzz", "--seeds", "1..2", "--json", "--out", folder.path("out")});
  CHECK(ran.status == 0);
  CHECK(ran.json().at("runs") == 2);
  CHECK(ran.json().at("scenario").is_null());
  CHECK(ran.json().at("sim_seconds").get<double>() >= 40);
}

TEST_CASE("a failing seed writes a capsule that replays to the same failure") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran ran = run({"fuzz", path, "--seeds", "3..4", "--jobs", "2", "--json", "--out", folder.path("out"), "--set",
                       "expect=[ops_ok == 0]"});
  CHECK(ran.status == 1);
  const json report = ran.json();
  REQUIRE(report.at("failures").size() == 2);
  CHECK(report.at("failures").at(0).at("seed") == 3);
  CHECK(report.at("failures").at(1).at("seed") == 4);
  CHECK(report.at("failures").at(0).at("invariant") == "expectation");
  const std::string capsule = report.at("failures").at(0).at("capsule");
  CHECK(capsule == folder.path("out/seed-3.yaml"));

  // The replay must not need the scenario's file.
  std::filesystem::remove(path);
  const Ran replayed = run({"replay", capsule});
  CHECK(replayed.status == 1);
  CHECK_THAT(replayed.out, Contains("FAIL  small  seed 3"));
  CHECK_THAT(replayed.out, Contains("the recorded fingerprint"));
  CHECK_THAT(replayed.out, Contains("ops_ok == 0: it is "));
  CHECK_THAT(read_file(capsule), Contains(fingerprint_in(replayed.out)));
}

TEST_CASE("a failing seed prints its failure and how to play it") {
  const TemporaryFolder folder;
  const Ran ran = run({"fuzz", folder.write("small.yaml", kSmallStory), "--seeds", "3", "--out", folder.path("out"),
                       "--set", "expect=[ops_ok == 0]"});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, Contains("seed 3 FAILED: expected ops_ok == 0"));
  CHECK_THAT(ran.out, Contains("distri-kv replay " + folder.path("out/seed-3.yaml")));
  CHECK_THAT(ran.out, Contains("FAIL  small  1 seed played, 1 failed"));
  CHECK(ran.out.find('\x1b') == std::string::npos);
  CHECK(ran.err.empty());  // no progress bar without a terminal
}

TEST_CASE("a replay says when its capsule records another run") {
  const TemporaryFolder folder;
  REQUIRE(run({"fuzz", folder.write("small.yaml", kSmallStory), "--seeds", "3", "--out", folder.path("out"), "--set",
               "expect=[ops_ok == 0]"})
              .status == 1);
  std::string text = read_file(folder.path("out/seed-3.yaml"));
  const std::string old = run({"replay", "--json", folder.path("out/seed-3.yaml")}).json().at("fingerprint");
  REQUIRE(text.find(old) != std::string::npos);
  text.replace(text.find(old), 16, "0123456789abcdef");
  const Ran same_build = run({"replay", folder.write("edited.yaml", text)});
  CHECK_THAT(same_build.out, Contains("NOT the run that was recorded: its fingerprint is 0123456789abcdef"));
  CHECK_THAT(same_build.out, Contains("Both builds have the version"));
  const std::size_t build = text.find("build: ");
  text.replace(build, text.find('\n', build) - build, "build: 0.0.1 by hand");
  const Ran other_build = run({"replay", folder.write("edited.yaml", text)});
  CHECK_THAT(other_build.out, Contains("It was recorded by 0.0.1 by hand"));
}

TEST_CASE("a scenario without random faults gets some, and only its invariants are judged") {
  const TemporaryFolder folder;
  std::string calm = kSmallStory;
  calm.erase(calm.find("  - random:"), calm.find("expect:\n  - lost") - calm.find("  - random:"));
  const Ran ran = run({"fuzz", folder.write("calm.yaml", calm), "--seeds", "1..6", "--out", folder.path("out"), "--set",
                       "expect=[ops_ok == 0]"});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Contains("only the invariants were judged"));
  CHECK_THAT(ran.out, Contains("6 seeds played, 0 failed"));
}

TEST_CASE("no seed begins after the time of --time") {
  const TemporaryFolder folder;
  const Ran ran = run({"fuzz", folder.write("small.yaml", kSmallStory), "--time", "300ms", "--jobs", "1", "--json",
                       "--out", folder.path("out"), "--set", kNoSteps});
  CHECK(ran.status == 0);
  CHECK(ran.json().at("runs").get<int>() >= 1);
  CHECK(ran.json().at("wall_seconds").get<double>() < 20);
}

TEST_CASE("an interrupt ends the fuzzing with a summary of what was played") {
  const TemporaryFolder folder;
  const std::string command = std::string("'") + dkv::paths::kProgram + "' fuzz '" +
                              folder.write("small.yaml", kSmallStory) + "' --set " + kNoSteps +
                              " --seeds 1..1000000000 --json --out '" + folder.path("out") + "' >'" +
                              folder.path("report") + "' & pid=$!; sleep 1; kill -INT $pid; wait $pid";
  REQUIRE(std::system(command.c_str()) == 0);
  const json report = json::parse(read_file(folder.path("report")));
  CHECK(report.at("interrupted") == true);
  CHECK(report.at("runs").get<int>() > 0);
  CHECK(report.at("runs").get<int>() < 1'000'000'000);
}

TEST_CASE("wrong arguments of fuzz exit with 2") {
  const TemporaryFolder folder;
  CHECK_THAT(run({"fuzz", "--seeds", "9..1"}).err, Contains("the first seed is above the last"));
  CHECK_THAT(run({"fuzz", "--seeds", "1..x"}).err, Contains("--seeds"));
  CHECK_THAT(run({"fuzz", "--time", "5 minutes"}).err, Contains("--time"));
  CHECK_THAT(run({"fuzz", "--set", "cluster.w=1"}).err, Contains("--set needs a SCENARIO"));
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"fuzz", "--seeds", "9..1"},
                                             {"fuzz", "--seeds", "1..x"},
                                             {"fuzz", "--jobs", "0"},
                                             {"fuzz", "--time", "0s"},
                                             {"fuzz", "/nowhere/story.yaml"},
                                             {"fuzz", "--seeds", "1", "--out", folder.write("file", "no folder")}}) {
    const Ran ran = run(wrong);
    CAPTURE(wrong);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK_FALSE(ran.err.empty());
  }
}

namespace {

// Its own partitions make reads of one replica stale, now and then.
const char* const kOwnFaults =
    "run: 3s\n"
    "cluster: {nodes: 5, n: 3, r: 1, w: 1}\n"
    "workload: {clients: 4, load: {rate: 60/s}, mix: {get: 50, update: 50}, keys: 5}\n"
    "faults: [{random: {every: 1s, for: [300ms, 900ms], kinds: {partition: 1}}}]\n"
    "expect: [stale_reads == 0]\n";

}  // namespace

TEST_CASE("with its own faults a scenario's expectations are judged, and it meets no other fault") {
  const TemporaryFolder folder;
  const auto fuzz = [&](const std::string& text, const char* faults) {
    return run({"fuzz", folder.write("own.yaml", text), "--faults", faults, "--seeds", "1..6", "--json", "--out",
                folder.path("out")});
  };
  const auto hits = [](const json& report, const std::string& name) {
    for (const json& probe : report.at("probes")) {
      if (probe.at("name") == name) return probe.at("hits").get<int>();
    }
    return -1;
  };
  const Ran own = fuzz(kOwnFaults, "own");
  CHECK(own.status == 1);
  CHECK(hits(own.json(), "fault_partition") == 6);
  CHECK(hits(own.json(), "fault_crash") == 0);
  REQUIRE(own.json().at("groups").size() == 1);
  const json group = own.json().at("groups").at(0);
  CHECK(group.at("kind") == "stale_reads == 0");
  CHECK(group.at("cause") == "the quorums need not share a replica");
  CHECK(group.at("why").at("cause") == group.at("cause"));
  CHECK(group.at("failures") == own.json().at("failed"));
  CHECK(group.at("first_seed") == own.json().at("failures").at(0).at("seed"));
  CHECK(group.at("small").is_null());
  CHECK(group.at("why").at("about") == "expectation");
  CHECK(group.at("why").at("steps").size() > 3);

  // A scenario that draws no faults plays its timed ones, and no others.
  const std::string calm =
      "run: 1s\ncluster: {nodes: 3}\nfaults: [{at: 100ms, for: 100ms, pause: n1}]\nexpect: [ops_ok >= 1]\n";
  const Ran timed = fuzz(calm, "own");
  CHECK(timed.status == 1);
  CHECK(timed.json().at("failed") == 6);
  CHECK(hits(timed.json(), "fault_pause") == 6);
  CHECK(hits(timed.json(), "fault_crash") == 0);
  CHECK(fuzz(calm, "all").status == 0);
}

TEST_CASE("fuzz --shrink cuts the first failure of each group, and tells how to play it") {
  const TemporaryFolder folder;
  const std::vector<std::string> words = {"fuzz",
                                          folder.write("own.yaml", kOwnFaults),
                                          "--faults",
                                          "own",
                                          "--seeds",
                                          "1..3",
                                          "--shrink",
                                          "--out",
                                          folder.path("out")};
  const Ran told = run(words);
  CHECK(told.status == 1);
  CHECK_THAT(told.out, Contains("2 steps are left"));
  CHECK_THAT(told.out, Contains("r=1 and w=1 of n=3 (settings)"));
  std::vector<std::string> as_json = words;
  as_json.push_back("--json");
  const json group = run(as_json).json().at("groups").at(0);
  const std::string small = group.at("small");
  CHECK_THAT(told.out, Contains("distri-kv run " + small));
  const Ran played = run({"run", small, "--json"});
  CHECK(played.status == 1);
  CHECK_THAT(played.json().dump(), Contains("stale_reads == 0"));
}

TEST_CASE("the option --faults needs a scenario and one of its words") {
  CHECK_THAT(run({"fuzz", "--faults", "own"}).err, Contains("--faults needs a SCENARIO"));
  const Ran word = run({"fuzz", "x.yaml", "--faults", "mine"});
  CHECK(word.status == 2);
  CHECK_THAT(word.err, Contains("unknown 'mine'"));
}
