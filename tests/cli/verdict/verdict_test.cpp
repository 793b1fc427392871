#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <thread>

#include "tests/catch.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

// Bob reads at a node that the write did not reach: three messages in ten are lost.
const char* const kLostCopy = R"(about: a write that one node has
seed: 7
run: 3s
cluster: {nodes: 3, n: 3, r: 1, w: 1, anti_entropy: {every: 1s}}
network: {loss: 30%}
workload:
  steps:
    - {at: 1s, as: alice, via: n1, put: cart, value: milk}
    - {at: 1200ms, as: bob, via: n3, get: cart, expect: {value: milk}}
)";

std::string without_seconds(const std::string& text) {
  return std::regex_replace(text, std::regex(R"rx( in [0-9.]+ s;|"wall_seconds":[^,]*,)rx"), "");
}

std::string capsule_of(const TemporaryFolder& folder, const std::string& changes_from, const std::string& changes_to) {
  const Ran ran = run({"fuzz", folder.write("small.yaml", kSmallStory), "--seeds", "3", "--out", folder.path("out"),
                       "--set", "expect=[ops_ok == 0]"});
  REQUIRE(ran.status == 1);
  std::string text = read_file(folder.path("out/seed-3.yaml"));
  const std::size_t at = text.find(changes_from);
  REQUIRE(at != std::string::npos);
  return folder.write("capsule.yaml", text.replace(at, changes_from.size(), changes_to));
}

}  // namespace

TEST_CASE("the curve shows where a run was lost, and names the event") {
  const TemporaryFolder folder;
  const Ran ran = run({"verdict", folder.write("lost.yaml", kLostCopy)});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, StartsWith("expected step of bob on \"cart\""));
  CHECK_THAT(ran.out, Contains("It jumps from "));
  CHECK_THAT(ran.out, Contains("n1 gets a put of \"cart\" from alice"));
  CHECK_THAT(ran.out, Contains("the network loses a copy of \"cart\" for n3"));
  CHECK_THAT(ran.out, Contains("; complete"));
}

TEST_CASE("verdict --json has every moment with its interval, and says the same for any number of jobs") {
  const TemporaryFolder folder;
  const std::string path = folder.write("lost.yaml", kLostCopy);
  const auto verdict = [&](const char* jobs) { return run({"verdict", path, "--json", "--jobs", jobs}); };
  const Ran one = verdict("1");
  CHECK(one.status == 0);
  CHECK(without_seconds(one.out) == without_seconds(verdict("3").out));
  const json report = one.json();
  CHECK(report.at("seed") == 7);
  CHECK(report.at("end") == "complete");
  CHECK(report.at("invariant").is_null());
  std::uint64_t played = 0;
  for (const json& moment : report.at("moments")) {
    CHECK(moment.at("low") <= moment.at("share"));
    CHECK(moment.at("share") <= moment.at("high"));
    CHECK(moment.at("failed") <= moment.at("played"));
    played += moment.at("played").get<std::uint64_t>();
  }
  CHECK(report.at("copies") == played);
  CHECK(report.at("moments").front().at("event") == 0);
  CHECK(report.at("moments").back().at("event") == report.at("certain_at_event"));
  CHECK(report.at("moments").back().at("share") == 1.0);
  const json& jump = report.at("rises").at(0);
  CHECK(jump.at("before").at("high") < jump.at("after").at("low"));
  CHECK(jump.at("event").at("number") == jump.at("after").at("event"));
  CHECK(jump.at("event").at("number") == jump.at("before").at("event").get<std::uint64_t>() + 1);
  CHECK(jump.at("event").at("kind") == "request");
  CHECK(jump.at("event").at("node") == "n1");
}

TEST_CASE("of a broken invariant, the same failure and others like it are counted apart") {
  const TemporaryFolder folder;
  // A copy on its way longer than the heal lasts.
  const Ran ran = run({"verdict", folder.write("late.yaml", R"(about: a copy that comes too late
run: 3s
heal_within: 200ms
cluster: {nodes: 3, n: 3, r: 1, w: 1}
network:
  rules: [{from: n1, to: [n2, n3], legs: [write], latency: {uniform: [100ms, 900ms]}}]
workload:
  steps:
    - {at: 2990ms, as: alice, via: n1, put: cart, value: milk}
)"),
                       "--copies", "8", "--json"});
  CHECK(ran.status == 0);
  const json report = ran.json();
  CHECK(report.at("invariant") == "I3");
  for (const json& moment : report.at("moments")) {
    if (moment.at("alike").is_null()) continue;
    CHECK(moment.at("alike").at("failed") >= moment.at("failed"));
    CHECK(moment.at("alike").at("played") == 8);
  }
}

TEST_CASE("a run that fails with any luck was lost from its beginning") {
  const TemporaryFolder folder;
  const Ran ran = run({"verdict", folder.write("small.yaml", kSmallStory), "--set", "expect=[ops_ok == 0]", "--copies",
                       "8", "--moments", "2"});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Contains("The run was lost from its beginning: 8 of 8 copies fail"));
  CHECK_THAT(ran.out, !Contains("jumps"));
}

TEST_CASE("a run that passes has no verdict, and exits with 2") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran ran = run({"verdict", path, "--plot", folder.path("curve.svg")});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err == path + ": nothing fails in this run\n");
  CHECK_FALSE(std::filesystem::exists(folder.path("curve.svg")));
}

TEST_CASE("a capsule of another build is played when it still fails, with a word about it") {
  const TemporaryFolder folder;
  const std::string path = capsule_of(folder, "fingerprint: \"", "fingerprint: \"0000000000000000\"\n#");
  const Ran ran = run({"verdict", path, "--copies", "8", "--moments", "1"});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.err, Contains(path + ": this is not the run that was recorded"));
  const Ran same = run({"verdict", folder.path("out/seed-3.yaml"), "--copies", "8", "--moments", "1"});
  CHECK(same.status == 0);
  CHECK(same.err.empty());
}

TEST_CASE("a capsule that passes in this build says by which one it was recorded") {
  const TemporaryFolder folder;
  std::string path = capsule_of(folder, "expect=[ops_ok == 0]", "expect=[ops_ok >= 0]");
  std::string text = read_file(path);
  const std::size_t build = text.find("build: ");
  text.replace(build, text.find('\n', build) - build, "build: \"0.0.1 (old)\"");
  const Ran ran = run({"verdict", folder.write("old.yaml", text)});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Contains("nothing fails in this run; it was recorded by 0.0.1 (old), and this is "));
}

TEST_CASE("a capsule of another version and options that a capsule has no use for exit with 2") {
  const TemporaryFolder folder;
  const Ran version = run({"verdict", capsule_of(folder, "capsule: 1", "capsule: 9")});
  CHECK(version.status == 2);
  CHECK_THAT(version.err, Contains("a capsule of version 9"));
  const Ran seed = run({"verdict", folder.path("out/seed-3.yaml"), "--seed", "4"});
  CHECK(seed.status == 2);
  CHECK_THAT(seed.err, Contains("--seed and --set are for scenarios"));
}

TEST_CASE("the option --plot draws the curve as SVG and as PNG") {
  const TemporaryFolder folder;
  const std::string path = folder.write("lost.yaml", kLostCopy);
  const std::string svg = folder.path("curve.svg"), png = folder.path("curve.png");
  CHECK(run({"verdict", path, "--plot", svg}).status == 0);
  CHECK_THAT(read_file(svg),
             StartsWith("<svg ") && Contains("n1 gets a put of &quot;cart&quot; from alice") && Contains("</svg>"));
  CHECK(run({"verdict", path, "--plot", png, "--copies", "8"}).status == 0);
  CHECK_THAT(read_file(png), StartsWith("\x89PNG\r\n"));
}

TEST_CASE("a picture that cannot be written ends verdict before its work") {
  const TemporaryFolder folder;
  const std::string path = folder.write("lost.yaml", kLostCopy);
  const Ran nowhere = run({"verdict", path, "--plot", "/nowhere/curve.svg"});
  CHECK(nowhere.status == 2);
  CHECK(nowhere.out.empty());
  CHECK_THAT(nowhere.err, StartsWith("/nowhere/curve.svg: cannot be written"));
  const Ran unknown = run({"verdict", path, "--plot", folder.path("curve.pdf")});
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.err, Contains("ends with .svg or .png"));
}

TEST_CASE("the option --time shows the curve as far as it is known by then") {
  const TemporaryFolder folder;
  const Ran ran =
      run({"verdict", folder.write("lost.yaml", kLostCopy), "--copies", "100000", "--time", "1ms", "--json"});
  CHECK(ran.status == 0);
  CHECK(ran.json().at("end") == "time");
}

TEST_CASE("an interrupt shows the curve as far as it is known by then") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("lost.yaml", kLostCopy), plot = folder.path("curve.svg");
  const std::string out = folder.path("out.json");
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (freopen(out.c_str(), "w", stdout) == nullptr) _exit(99);
    execl(dkv::paths::kProgram, dkv::paths::kProgram, "verdict", scenario.c_str(), "--copies", "100000", "--json",
          "--plot", plot.c_str(), static_cast<char*>(nullptr));
    _exit(99);
  }
  // It opens the picture when its work begins.
  while (!std::filesystem::exists(plot) && waitpid(child, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  kill(child, SIGINT);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(json::parse(read_file(out)).at("end") == "interrupt");
  CHECK_THAT(read_file(plot), StartsWith("<svg "));
}
