// Runs every file of the context fuzzer's corpus through the fuzzer's check, with the compiler that builds the tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/catch.h"
#include "tests/fuzz/context_check.h"
#include "tests/paths.h"

namespace dkv::testing {

TEST_CASE("every file of the context corpus passes the fuzzer's check, and its name says whether it is a context") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(paths::kSources) + "/tests/fuzz/corpus/context")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const std::string name = file.filename().string();
    INFO(name);
    CHECK(check_context(bytes) == name.starts_with("good-"));
  }
}

}  // namespace dkv::testing
