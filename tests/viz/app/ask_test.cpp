#include "viz/app/ask.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/viz/stage.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "dkv-ask-XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("Ctrl+S asks before it writes over a file") {
  const Folder folder;
  const std::string path = folder.path + "/mine.yaml";
  std::ofstream(path) << "precious";
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.workspace().save_path = path;
  stage.play(
      "click \"node n2\"\npress c\npress Ctrl+s\nwait 3\nsee question\nclick No\nwait 2\nexpect question none\n");
  CHECK(text_of(path) == "precious");
  stage.play("press Ctrl+s\nwait 3\npress Escape\nwait 2\nexpect question none\n");
  CHECK(text_of(path) == "precious");
  stage.play("press Ctrl+s\nwait 3\nclick Overwrite\nwait 2\nexpect question none\nexpect notice \"Saved branch 1\"\n");
  CHECK_THAT(text_of(path), ContainsSubstring("crash: [n2]"));
}

TEST_CASE("quitting asks when a branch is in no file, and only then") {
  const Folder folder;
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play(
      "click \"node n2\"\npress c\npress Ctrl+q\nwait 3\nsee question\npress x\nexpect branches 2\nclick No\nwait 2\n");
  CHECK_FALSE(stage.app.wants_to_quit());
  CHECK(stage.workspace().session.branch().commands.size() == 1);
  stage.workspace().save_path = folder.path + "/mine.yaml";
  stage.play("press Ctrl+s\nexpect notice Saved\npress Ctrl+q\nexpect question none\n");
  CHECK(stage.app.wants_to_quit());
}

TEST_CASE("a branch that went on after it was saved is asked about again") {
  const Folder folder;
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.workspace().save_path = folder.path + "/mine.yaml";
  stage.play(
      "click \"node n2\"\npress c\npress Ctrl+s\npress r\npress Ctrl+q\nwait 3\nsee question\nclick Quit\nwait 2\n");
  CHECK(stage.app.wants_to_quit());
}
