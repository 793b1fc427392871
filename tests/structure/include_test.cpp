// Checks every source file of the repository itself by source_rules.h.
#include <algorithm>
#include <filesystem>
#include <map>

#include "tests/catch.h"
#include "tests/paths.h"
#include "tests/structure/repository.h"
#include "tests/structure/source_rules.h"

using namespace dkv::structure;
namespace fs = std::filesystem;

namespace {

// The text of every header and source of the product, by its path from the root.
const std::map<std::string, std::string>& sources() {
  static const auto files = [] {
    std::map<std::string, std::string> result;
    const fs::path root = dkv::paths::kSources;
    for (const char* folder : {"engine", "sim", "cli", "viz"}) {
      if (!fs::exists(root / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const auto extension = entry.path().extension();
        if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
        result.emplace(fs::relative(entry.path(), root).generic_string(), read(entry.path()));
      }
    }
    return result;
  }();
  return files;
}

std::string findings_of(std::vector<Finding> (*check)(std::string_view, std::string_view)) {
  std::vector<Finding> all;
  for (const auto& [file, text] : sources()) {
    const auto some = check(file, text);
    all.insert(all.end(), some.begin(), some.end());
  }
  return describe(all);
}

}  // namespace

TEST_CASE("the walk finds the sources") {
  CHECK(sources().contains("engine/core/types.h"));
  CHECK(sources().size() > 20);
}

TEST_CASE("every include is allowed by the layers") {
  const auto findings = findings_of(check_layering);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("headers of engine and sim are cheap to include") {
  const auto findings = findings_of(check_heavy_headers);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("nothing in engine and sim makes two runs of one seed differ") {
  const auto findings = findings_of(check_determinism);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("nothing outside engine/storage names a storage backend") {
  const auto findings = findings_of(check_storage_seam);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("every source file is short enough to read") {
  const auto findings = findings_of(check_length);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("no file of the project names a folder of the machine it was written on") {
  const auto& files = project_files();
  CHECK(std::find(files.begin(), files.end(), "CMakeLists.txt") != files.end());
  std::vector<Finding> all;
  for (const auto& file : files) {
    const auto some = check_machine_paths(file, read(fs::path(dkv::paths::kSources) / file));
    all.insert(all.end(), some.begin(), some.end());
  }
  const auto findings = describe(all);
  INFO(findings);
  CHECK(findings.empty());
}
