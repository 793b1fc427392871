// The chains as run and replay show them, and the page about them.
#include <algorithm>

#include "tests/catch.h"
#include "tests/cli/document.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

namespace dkv::cli {
namespace {

const char* const kRefused = R"(run: 8s
cluster: {nodes: 3, n: 3, r: 2, w: 3}
workload: {steps: [{at: 5s, as: ann, via: n1, put: x, value: A, expect: {outcome: done}}]}
faults: [{at: 2s, for: 5s, crash: n2}]
)";

TEST_CASE("docs/why.md shows what the program prints") {
  const std::string page = read_file(std::string(paths::kSources) + "/docs/why.md");
  const TemporaryFolder folder;
  const std::string file = folder.write("page.yaml", block_of(page, "yaml"));
  const Ran ran = run({"run", file, "--quiet"});
  CHECK(ran.status == 1);
  std::string shown = without_speed(ran.out);
  shown = shown.substr(0, shown.find("\nFAIL"));
  CHECK(shown == "\n" + block_of(page, "text"));
}

TEST_CASE("a failing run is explained in text and in JSON, with the same steps") {
  const TemporaryFolder folder;
  const std::string file = folder.write("refused.yaml", kRefused);
  const Ran told = run({"run", file, "--quiet"});
  const Ran json = run({"run", file, "--json"});
  REQUIRE(told.status == 1);
  REQUIRE(json.status == 1);
  const auto why = json.json().at("why");
  REQUIRE(why.size() == 1);
  CHECK(why[0].at("about") == "expectation");
  CHECK(why[0].at("proven") == true);
  CHECK(why[0].at("steps").size() >= 4);
  std::uint64_t last = 0;
  for (const auto& step : why[0].at("steps")) {
    CHECK(step.at("event") >= last);
    last = step.at("event");
    CHECK_THAT(told.out, Catch::Matchers::Contains("event " + std::to_string(last) + ": "));
  }
  CHECK(last <= json.json().at("events"));
  CHECK_THAT(told.out, Catch::Matchers::Contains("n1 holds n2 for unreachable, so it does not ask it"));
}

TEST_CASE("a run that passes is explained only with --why, and its result stays the same") {
  const TemporaryFolder folder;
  std::string text = kRefused;
  text.replace(text.find("outcome: done"), 13, "outcome: refused");
  const std::string file = folder.write("passes.yaml", text);
  auto plain = run({"run", file, "--json"}).json();
  auto asked = run({"run", file, "--json", "--why"}).json();
  CHECK(plain.at("why").empty());
  REQUIRE(asked.at("why").size() == 1);
  CHECK(asked.at("why")[0].at("about") == "refusal");
  for (auto* one : {&plain, &asked}) {
    one->erase("why");
    one->erase("wall_seconds");
  }
  CHECK(plain == asked);
}

}  // namespace
}  // namespace dkv::cli
