#include "tests/structure/repository.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "tests/catch.h"
#include "tests/paths.h"

namespace dkv::structure {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> tracked_files() {
  std::vector<std::string> files;
  const std::string command = std::string("git -C '") + paths::kSources + "' ls-files -z 2>/dev/null";
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
  std::erase_if(files, [](const std::string& file) { return !fs::is_regular_file(fs::path(paths::kSources) / file); });
  return files;
}

std::vector<std::string> unpacked_files() {
  std::vector<std::string> files;
  const fs::path root = paths::kSources;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const auto relative = fs::relative(it->path(), root).generic_string();
    if (relative == "build" || relative == ".git") it.disable_recursion_pending();
    if (it->is_regular_file()) files.push_back(relative);
  }
  return files;
}

}  // namespace

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const std::vector<std::string>& project_files() {
  static const auto files = [] {
    auto tracked = tracked_files();
    return tracked.empty() ? unpacked_files() : tracked;
  }();
  return files;
}

}  // namespace dkv::structure
