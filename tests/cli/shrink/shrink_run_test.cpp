#include "cli/shrink/shrink_run.h"

#include <csignal>

#include "cli/terminal/interrupt.h"
#include "sim/scenario/write.h"
#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv;
using namespace dkv::cli;

TEST_CASE("an interrupt ends the search and keeps the run that there is") {
  const TemporaryFolder folder;
  const auto source = cli::load_source(
      {.scenario_path = folder.write("fails.yaml", "run: 1s\ncluster: {nodes: 3}\nexpect: [ops_ok >= 1]\n")});
  REQUIRE(source);
  const auto failing = failing_run(*source);
  REQUIRE(failing);
  watch_for_interrupt();
  CHECK_FALSE(interrupted());
  std::raise(SIGINT);
  REQUIRE(interrupted());
  const Shrunk shrunk = shrink(*failing, {.jobs = 2});
  CHECK(shrunk.end == ShrinkEnd::kInterrupt);
  CHECK(shrunk.accepted == 0);
  CHECK(sim::write_scenario(shrunk.scenario) == sim::write_scenario(failing->scenario));
  CHECK(shrunk.failure.detail == "ops_ok >= 1: it is 0");
}
