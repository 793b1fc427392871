#include "cli/terminal/promised_file.h"

#include <filesystem>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;

TEST_CASE("a promised file that is never written leaves no trace, and one that was there stays as it was") {
  const TemporaryFolder folder;
  {
    CHECK(PromisedFile(folder.path("new")).is_writable());
  }
  CHECK_FALSE(std::filesystem::exists(folder.path("new")));
  const std::string old = folder.write("old", "content");
  {
    CHECK(PromisedFile(old).is_writable());
  }
  CHECK(read_file(old) == "content");
}

TEST_CASE("a promised file is replaced as a whole") {
  const TemporaryFolder folder;
  const std::string path = folder.write("old", "a longer content");
  {
    PromisedFile file(path);
    CHECK(file.write("short"));
  }
  CHECK(read_file(path) == "short");
}

TEST_CASE("a promise that cannot be kept is known at once") {
  CHECK_FALSE(PromisedFile("/nowhere/file").is_writable());
}
