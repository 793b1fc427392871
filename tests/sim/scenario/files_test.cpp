// The scenarios in scenarios/.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/paths.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

std::vector<std::string> story_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(paths::kSources) + "/scenarios")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("every story loads, states its subject and its expectations, and is short") {
  const auto files = story_files();
  CHECK(files.size() >= 12);
  for (const std::string& file : files) {
    CAPTURE(file);
    const auto loaded = load_scenario_file(file);
    if (!loaded) FAIL(to_string(loaded.error()));
    CHECK(loaded->about.size() > 80);
    CHECK(loaded->expect.size() >= 2);
    CHECK(loaded->run_ns >= 10 * kSecond);
    CHECK(loaded->run_ns <= 30 * kSecond);
  }
}

TEST_CASE("every story's header names the schema for editors, its subject and its expectations") {
  for (const std::string& file : story_files()) {
    CAPTURE(file);
    const std::string text = text_of(file);
    CHECK(text.starts_with("# yaml-language-server: $schema=../docs/scenario.schema.json\n# "));
    CHECK_THAT(text, ContainsSubstring("\n# What it shows: "));
    CHECK_THAT(text, ContainsSubstring("\n# What must hold: "));
  }
}

}  // namespace dkv::sim
