// The stories in scenarios/: each holds what it promises.
#include <filesystem>
#include <set>
#include <string>

#include "tests/catch.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

using namespace dkv::cli;

TEST_CASE("every shipped story holds its expectations") {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(dkv::paths::kSources) + "/scenarios")) {
    if (entry.path().extension() == ".yaml") paths.insert(entry.path());
  }
  CHECK(paths.size() >= 38);
  for (const std::string& path : paths) {
    const Ran ran = run({"run", path, "--quiet"});
    CAPTURE(path, ran.out, ran.err);
    CHECK(ran.status == 0);
  }
}
