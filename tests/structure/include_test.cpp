// Walks the repository itself and holds every file to the rules of source_rules.h.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "tests/catch.h"
#include "tests/structure/source_rules.h"

using namespace dkv::structure;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Path from the root → text, of every header and source of the product.
const std::map<std::string, std::string>& sources() {
  static const auto files = [] {
    std::map<std::string, std::string> result;
    const fs::path root = DKV_SOURCE_DIR;
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

// Files that belong to the project: what git tracks; in an unpacked archive, everything but the build.
std::vector<std::string> project_files() {
  std::vector<std::string> files;
  const std::string command = "git -C '" DKV_SOURCE_DIR "' ls-files -z 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> git(popen(command.c_str(), "r"), pclose);
  REQUIRE(git);
  std::string name;
  for (int c = std::fgetc(git.get()); c != EOF; c = std::fgetc(git.get())) {
    if (c != 0) {
      name += static_cast<char>(c);
    } else {
      files.push_back(std::exchange(name, {}));
    }
  }
  if (!files.empty()) return files;
  const fs::path root = DKV_SOURCE_DIR;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const auto relative = fs::relative(it->path(), root).generic_string();
    if (relative == "build" || relative == ".git") it.disable_recursion_pending();
    if (it->is_regular_file()) files.push_back(relative);
  }
  return files;
}

}  // namespace

TEST_CASE("the walk finds the sources") {
  CHECK(sources().contains("engine/core/types.h"));
  CHECK(sources().size() > 20);
}

TEST_CASE("no folder includes what it must not") {
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

TEST_CASE("every source file is short enough to read") {
  const auto findings = findings_of(check_length);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("no file of the project names a folder of the machine it was written on") {
  const auto files = project_files();
  CHECK(std::find(files.begin(), files.end(), "CMakeLists.txt") != files.end());
  std::vector<Finding> all;
  for (const auto& file : files) {
    const auto path = fs::path(DKV_SOURCE_DIR) / file;
    if (!fs::is_regular_file(path)) continue;  // tracked, and deleted in the working tree
    const auto some = check_machine_paths(file, read(path));
    all.insert(all.end(), some.begin(), some.end());
  }
  const auto findings = describe(all);
  INFO(findings);
  CHECK(findings.empty());
}
