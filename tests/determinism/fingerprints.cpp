// Plays scenarios and prints "NAME FINGERPRINT" for each. A build with another compiler needs only this program,
// which builds fast because it does not contain the command line.
#include <cinttypes>
#include <cstdio>
#include <memory>

#include "sim/scenario/load.h"
#include "sim/world/runner.h"

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    auto scenario = dkv::sim::load_scenario_file(argv[i]);
    if (!scenario) {
      std::fputs(dkv::to_string(scenario.error()).c_str(), stderr);
      return 2;
    }
    const std::uint64_t seed = scenario->seed;
    const auto result = dkv::sim::run(std::make_shared<const dkv::sim::Scenario>(std::move(*scenario)), seed, nullptr);
    std::printf("%s %016" PRIx64 "\n", result.scenario.c_str(), result.fingerprint);
  }
  return 0;
}
