#include "engine/runtime/disk/folder_lock.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/runtime/disk/child.h"
#include "tests/runtime/disk/temporary_folder.h"

using namespace dkv;
using namespace dkv::runtime_tests;

TEST_CASE("a second lock of a folder is refused, even in the same process, until the first is let go") {
  const TemporaryFolder folder;
  {
    const auto first = FolderLock::take(folder.path());
    REQUIRE(first.has_value());
    const auto second = FolderLock::take(folder.path());
    REQUIRE_FALSE(second.has_value());
    CHECK_THAT(second.error().what, ContainsSubstring(folder.path().string()));
    CHECK_THAT(second.error().what, ContainsSubstring("process " + std::to_string(::getpid())));
  }
  CHECK(FolderLock::take(folder.path()).has_value());
}

TEST_CASE("another process learns which folder is in use, and by which process") {
  const TemporaryFolder folder;
  const auto lock = FolderLock::take(folder.path());
  REQUIRE(lock.has_value());
  // The child has inherited the parent's lock, but it cannot take a second one.
  Child child([&](auto say) {
    const auto second = FolderLock::take(folder.path());
    say(second ? "locked" : second.error().what);
  });
  CHECK(child.rest() == "the folder " + folder.path().string() + " is in use by process " + std::to_string(::getpid()));
  CHECK(child.wait() == 0);
}

TEST_CASE("a lock ends with its process, however that ends") {
  const TemporaryFolder folder;
  Child child([&](auto say) {
    const auto lock = FolderLock::take(folder.path());
    say(lock ? "locked\n" : lock.error().what + "\n");
    for (;;) ::pause();
  });
  REQUIRE(child.line() == "locked");
  const auto refused = FolderLock::take(folder.path());
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().what, ContainsSubstring("process " + std::to_string(child.pid())));
  child.kill();
  REQUIRE(FolderLock::take(folder.path()).has_value());
}

TEST_CASE("the text of a longer process id does not shine through") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "LOCK") << "99999999999999999999\n";
  const auto lock = FolderLock::take(folder.path());
  REQUIRE(lock.has_value());
  std::ifstream in(folder.path() / "LOCK");
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == std::to_string(::getpid()) + "\n");
}

TEST_CASE("a folder that is not there cannot be locked") {
  const TemporaryFolder folder;
  const auto lock = FolderLock::take(folder.path() / "missing");
  REQUIRE_FALSE(lock.has_value());
  CHECK_THAT(lock.error().what, ContainsSubstring((folder.path() / "missing").string()));
}
