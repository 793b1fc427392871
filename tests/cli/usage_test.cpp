#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("help and version go to standard output and exit with 0") {
  const Ran help = run({"--help"});
  CHECK(help.status == 0);
  CHECK(help.err.empty());
  for (const char* command : {"run", "fuzz", "replay", "shrink", "verdict", "bench", "serve", "cluster", "get", "put",
                              "delete", "status", "ring", "preflist", "explain"}) {
    CHECK_THAT(help.out, Contains(command));
  }
  CHECK_THAT(help.out, Contains("Exit status"));
  const Ran run_help = run({"run", "--help"});
  CHECK(run_help.status == 0);
  for (const char* option : {"--seed", "--json", "--trace", "--schedule", "--set", "--quiet"}) {
    CHECK_THAT(run_help.out, Contains(option));
  }
  CHECK_THAT(run_help.out, !Contains("--hash-salt"));
  const Ran version = run({"--version"});
  CHECK(version.status == 0);
  CHECK_THAT(version.out, StartsWith("distri-kv "));
}

TEST_CASE("no command at all exits with 2 and shows the help") {
  const Ran ran = run({});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("fuzz"));
}

TEST_CASE("a misspelt command or option is answered with the right one") {
  const Ran command = run({"rnu", "story.yaml"});
  CHECK(command.status == 2);
  CHECK_THAT(command.err, Contains("unknown command 'rnu': did you mean 'run'?"));
  const Ran option = run({"run", "story.yaml", "--tarce", "x"});
  CHECK(option.status == 2);
  CHECK_THAT(option.err, Contains("unknown option '--tarce': did you mean '--trace'?"));
  const Ran with_value = run({"run", "story.yaml", "--sead=7"});
  CHECK(with_value.status == 2);
  CHECK_THAT(with_value.err, Contains("did you mean '--seed'?"));
  CHECK_THAT(run({"preflst", "key"}).err, Contains("did you mean 'preflist'?"));
  CHECK_THAT(run({"get", "key", "--buket", "x"}).err, Contains("did you mean '--bucket'?"));
  CHECK_THAT(run({"cluster", "strat"}).err, Contains("did you mean 'start'?"));
  CHECK_THAT(run({"cluster", "start", "--node", "3"}).err, Contains("did you mean '--nodes'?"));
}

TEST_CASE("a planned command says so and exits with 2") {
  for (const char* command : {"staleness", "explore"}) {
    const Ran ran = run({command});
    CHECK(ran.status == 2);
    CHECK_THAT(ran.err, Contains(std::string("'") + command + "' is planned"));
  }
}

TEST_CASE("missing, superfluous and contradicting arguments exit with 2") {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"run"},
                                             {"run", "a.yaml", "b.yaml"},
                                             {"run", "a.yaml", "--seed"},
                                             {"run", "a.yaml", "--seed", "-1"},
                                             {"run", "a.yaml", "--seed", "x"},
                                             {"run", "a.yaml", "--json", "--quiet"},
                                             {"replay"},
                                             {"replay", "/nowhere/capsule.yaml"},
                                             {"bench"},
                                             {"bench", "simm"},
                                             {"bench", "sim", "--nodes", "2"},
                                             {"bench", "sim", "--folder", "."},
                                             {"bench", "sim", "--only", "copy"},
                                             {"bench", "store", "--only", "copies"},
                                             {"bench", "store", "--nodes", "5"},
                                             {"bench", "store", "--folder", "/nowhere"},
                                             {"get"},
                                             {"get", ""},
                                             {"get", "key", "--at", "nowhere"},
                                             {"get", "key", "--timeout", "5"},
                                             {"put", "key"},
                                             {"put", "key", "value", "--blind", "--context", "x"},
                                             {"status", "key"},
                                             {"cluster"},
                                             {"cluster", "start", "n1"},
                                             {"cluster", "start", "--nodes", "0"},
                                             {"cluster", "start", "--port", "80"},
                                             {"cluster", "kill"},
                                             {"cluster", "stop", "--nodes", "3"},
                                             {"cluster", "stop", "--json"},
                                             {"cluster", "status", "--folder", "/nowhere"}}) {
    const Ran ran = run(wrong);
    CAPTURE(wrong);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE("bench sim measures, and its parts make up the whole") {
  const Ran ran = run({"bench", "sim", "--events", "20000", "--repetitions", "1", "--json"});
  REQUIRE(ran.status == 0);
  const auto told = ran.json();
  CHECK(told.at("events").get<std::uint64_t>() >= 20000);
  CHECK(told.at("events_per_second").get<double>() > 1000);
  CHECK(told.at("sim_seconds_per_second").get<double>() > 0);
  CHECK(told.at("peak_rss_bytes").get<std::uint64_t>() > 1'000'000);
  const auto& parts = told.at("ns_per_event");
  double sum = 0;
  for (const char* part : {"queue", "codec", "oracles", "storage", "rest"}) sum += parts.at(part).get<double>();
  CHECK(sum == Approx(parts.at("total").get<double>()));
  CHECK(parts.at("queue").get<double>() > 0);
}
