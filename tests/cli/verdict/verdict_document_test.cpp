// docs/verdict.md against the program: its example is what the program prints.
#include <regex>

#include "tests/catch.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

using namespace dkv::cli;

namespace {

const std::string kDocs = std::string(dkv::paths::kSources) + "/docs/";

// The text of the first block with this word behind its fence.
std::string block(const std::string& document, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = document.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = document.find("\n```\n", begin);
  REQUIRE(end != std::string::npos);
  return document.substr(begin + fence.size(), end + 1 - begin - fence.size());
}

std::string without_time(const std::string& text) {
  return std::regex_replace(text, std::regex(" in [0-9.]+ s; "), " in ... s; ");
}

}  // namespace

TEST_CASE("the example in docs/verdict.md is what the program prints and draws") {
  const std::string document = read_file(kDocs + "verdict.md");
  const TemporaryFolder folder;
  const std::string scenario = folder.write("lost-copy.yaml", block(document, "yaml"));
  const Ran ran = run({"verdict", scenario, "--plot", folder.path("verdict.svg")});
  CHECK(ran.status == 0);
  std::string out = ran.out;
  while (out.find(scenario) != std::string::npos) out.replace(out.find(scenario), scenario.size(), "lost-copy.yaml");
  CHECK(without_time("$ distri-kv verdict lost-copy.yaml --plot verdict.svg\n" + out) ==
        without_time(block(document, "console")));
  CHECK(read_file(folder.path("verdict.svg")) == read_file(kDocs + "pictures/verdict.svg"));
}
