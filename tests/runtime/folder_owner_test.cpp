#include "engine/runtime/folder_owner.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/runtime/disk/temporary_folder.h"

namespace dkv {
namespace {

using Catch::Matchers::Contains;

FolderMark asked_as(const std::string& node) {
  return {.folder = {}, .cluster = "shop", .node = node, .layout = {{"n", "3"}}};
}

}  // namespace

TEST_CASE("a folder gets its mark at the first start, and keeps its id") {
  const runtime_tests::TemporaryFolder folder;
  const auto first = own_folder(folder.path(), asked_as("n1"), {5, 6});
  REQUIRE(first);
  CHECK(first->folder == ActorId{5, 6});
  const auto second = own_folder(folder.path(), asked_as("n1"), {7, 8});
  REQUIRE(second);
  CHECK(*second == *first);
}

TEST_CASE("a folder of the previous release, with a log and without a mark, opens and gets a mark") {
  const runtime_tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "INCARNATION") << "12\n";
  std::ofstream(folder.path() / "segment-0000000001.log") << "records";
  CHECK(own_folder(folder.path(), asked_as("n1"), {5, 6}));
  CHECK_FALSE(own_folder(folder.path(), asked_as("n2"), {5, 6}));
}

TEST_CASE("a copied folder is refused under another name, and the error names the folder and what to do") {
  const runtime_tests::TemporaryFolder folder, copy;
  REQUIRE(own_folder(folder.path(), asked_as("n1"), {5, 6}));
  std::filesystem::copy_file(folder.path() / "IDENTITY", copy.path() / "IDENTITY");
  const auto refused = own_folder(copy.path(), asked_as("n3"), {7, 8});
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what, Contains(copy.path().string()) && Contains("belongs to node 'n1'") &&
                                       Contains("as node 'n3'") && Contains("its own folder"));
}

TEST_CASE("a damaged mark is an error, and is not replaced") {
  const runtime_tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "IDENTITY") << "distri-kv folder 1\nfolder = 12";
  for (int i = 0; i < 2; ++i) {
    const auto refused = own_folder(folder.path(), asked_as("n1"), {5, 6});
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().what, Contains("damaged"));
  }
}

}  // namespace dkv
