// Stories of failing disks.
#include "tests/catch.h"
#include "tests/cli/program.h"
#include "tests/paths.h"

namespace dkv::cli {
namespace {

using Catch::Matchers::Contains;

// The words of the text without its line breaks.
std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != ' ') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

std::string story_of(const std::string& name) {
  const Ran ran = run({"run", std::string(paths::kSources) + "/scenarios/" + name + ".yaml"});
  CHECK(ran.status == 0);
  return in_one_line(ran.out);
}

TEST_CASE("the story of a failing sync names the stopped node, its supervisor and the reason") {
  const std::string story = story_of("failing-sync");
  CHECK_THAT(story, Contains("n3 its disk fails every sync, for 4 s"));
  CHECK_THAT(story, Contains("n3 stops: its disk failed — it must not acknowledge what it cannot make durable"));
  CHECK_THAT(story, Contains("n3 is started again by its supervisor, 1 s after it stopped"));
  CHECK_THAT(story, Contains("n3 has read its disk: "));
  CHECK_THAT(story, Contains("its disk syncs again"));
}

TEST_CASE("a story tells when rot strikes and when it is found, and which requests a full disk refused") {
  const std::string rot = story_of("bit-rot-heals");
  CHECK_THAT(rot, Contains("a few bits rot on its disk, unnoticed"));
  CHECK_THAT(rot, Contains("damaged and forgets the version — the checksum shows it"));
  const std::string full = story_of("disk-full-recovers");
  CHECK_THAT(full, Contains("their disks are full, for 6 s"));
  CHECK_THAT(full, Contains("there is room on their disks again"));
  CHECK_THAT(full, Contains("disk is full"));
}

}  // namespace
}  // namespace dkv::cli
