// Runs every file of the fuzzer's corpus through the fuzzer's entry point, with the compiler that builds the tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/catch.h"
#include "tests/fuzz/frame_fuzz.h"
#include "tests/fuzz/frame_seeds.h"
#include "tests/paths.h"

namespace dkv::testing {
namespace {

// Ordered by name, so that a failure is the same everywhere.
std::map<std::string, std::string> corpus() {
  std::map<std::string, std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(paths::kSources) + "/tests/fuzz/corpus/frame")) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

TEST_CASE("every file of the frame corpus passes the fuzzer's entry") {
  const auto files = corpus();
  REQUIRE_FALSE(files.empty());
  for (const auto& [name, bytes] : files) {
    INFO(name);
    REQUIRE(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) == 0);
  }
}

TEST_CASE("the frame corpus holds the seeds of this version of the format") {
  const auto files = corpus();
  for (const Seed& seed : frame_seeds()) {
    INFO(seed.file << ": if the format was meant to change, run make_frame_corpus");
    REQUIRE(files.count(seed.file) == 1);
    REQUIRE((files.at(seed.file) == seed.bytes));
    REQUIRE(check_frame(seed.bytes) == seed.valid);
  }
}

}  // namespace
}  // namespace dkv::testing
