// Runs every file of the HTTP fuzzer's corpus through the fuzzer's check, with the compiler that builds the tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/catch.h"
#include "tests/fuzz/http_check.h"
#include "tests/paths.h"

namespace dkv::testing {

TEST_CASE("every file of the HTTP corpus passes the fuzzer's check, and files named as requests hold some") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(paths::kSources) + "/tests/fuzz/corpus/http")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const std::string name = file.filename().string();
    INFO(name);
    const std::size_t requests = check_http(bytes);
    if (name.starts_with("good-")) CHECK(requests > 0);
    if (name.starts_with("bad-")) CHECK(requests == 0);
  }
}

}  // namespace dkv::testing
