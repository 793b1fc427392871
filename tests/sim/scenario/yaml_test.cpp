// Mistakes that are found before any field is read.
#include <filesystem>
#include <fstream>

#include "engine/input/tree.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

TEST_CASE("a file that is not YAML is refused where it stops being YAML") {
  CHECK(complaint_of("run: 20s\ncluster: {nodes: 3\nseed: 4\n").starts_with("story.yaml:3:"));
  CHECK_THAT(complaint_of("run: [1, 2\n"), ContainsSubstring("this is not YAML"));
  CHECK_THAT(complaint_of("run: 20s\n\tseed: 4\n"), ContainsSubstring("this is not YAML"));
}

TEST_CASE("a quote that is not closed does not swallow the rest of the file") {
  CHECK(complaint_of("about: \"a story\nseed: 4\n") ==
        "story.yaml:1:8: a quote that is not closed; close it with another \"");
  CHECK_THAT(complaint_of("about: 'it''s\nseed: 4\n"), ContainsSubstring("story.yaml:1:8: a quote that is not closed"));
  CHECK(load_good("about: 'it''s'\n").about == "it's");
  CHECK(load_good("about: \"a \\\" b\"\n").about == "a \" b");
  CHECK(load_good("about: |\n  \"so\n").about == "\"so\n");
}

TEST_CASE("columns count bytes, also after letters outside of ASCII") {
  CHECK(complaint_of("{about: \"caf\xc3\xa9\", sed: 4}\n").starts_with("story.yaml:1:18: unknown key 'sed'"));
}

TEST_CASE("an empty file is refused") {
  for (const std::string text : {"", "\n\n", "# only a comment\n", "---\n", "~\n"}) {
    CAPTURE(text);
    CHECK(complaint_of(text) == "story.yaml:1:1: the file is empty; a scenario is a mapping of fields");
  }
}

TEST_CASE("an unreadable file is refused, with the reason") {
  const auto missing = load_scenario_file("/nowhere/story.yaml");
  REQUIRE_FALSE(missing);
  CHECK_THAT(to_string(missing.error()),
             ContainsSubstring("/nowhere/story.yaml:1:1: the file can't be opened (No such"));
  const auto folder = load_scenario_file("/tmp");
  REQUIRE_FALSE(folder);
  CHECK_THAT(to_string(folder.error()), ContainsSubstring("/tmp:1:1: the file can't be read (Is a directory)"));
}

TEST_CASE("a readable file is read, and its name without folder and ending names the scenario") {
  const auto path = std::filesystem::temp_directory_path() / "dkv-scenario-name-test.yaml";
  std::ofstream(path) << "seed: 41\n";
  const auto loaded = load_scenario_file(path.string());
  std::filesystem::remove(path);
  REQUIRE(loaded);
  CHECK(loaded->name == "dkv-scenario-name-test");
  CHECK(loaded->seed == 41);
}

TEST_CASE("a huge file is refused before it is parsed") {
  const std::string huge = "about: " + std::string(kYamlBytesMax, 'a') + "\n";
  CHECK_THAT(complaint_of(huge), ContainsSubstring("at most 1MiB are read"));
  const auto path = std::filesystem::temp_directory_path() / "dkv-scenario-huge-test.yaml";
  std::ofstream(path) << huge;
  const auto loaded = load_scenario_file(path.string());
  std::filesystem::remove(path);
  REQUIRE_FALSE(loaded);
  CHECK_THAT(to_string(loaded.error()), ContainsSubstring(":1:1: the file is larger than 1MiB"));
}

TEST_CASE("deep nesting is refused, however deep") {
  for (const std::size_t depth : {30u, 3000u, 500'000u}) {
    const std::string text = "about: " + std::string(depth, '[');
    CHECK_THAT(complaint_of(text), ContainsSubstring("more than 24 levels of lists and mappings"));
  }
  std::string blocks;
  for (int i = 0; i < 400; ++i) blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK_THAT(complaints_of(blocks), ContainsSubstring("more than 24 levels"));
}

TEST_CASE("a second document is refused where it begins") {
  CHECK_THAT(complaint_of("seed: 4\n---\nseed: 5\n"),
             ContainsSubstring("a second document; one file holds one scenario"));
  CHECK(complaint_of("seed: 4\n---\nseed: 5\n").starts_with("story.yaml:2:1") ==
        complaint_of("seed: 4\n---\nseed: 5\n").starts_with("story.yaml:2:"));
}

TEST_CASE("a duplicate key is refused at its second place") {
  CHECK(complaint_of("seed: 4\nrun: 20s\nseed: 5\n") ==
        "story.yaml:3:1: the key 'seed' occurs twice; it is already on line 1: keep one");
  CHECK(complaint_of("cluster:\n  w: 1\n  r: 1\n  w: 2\n").starts_with("story.yaml:4:3: the key 'w' occurs twice"));
  CHECK_THAT(complaint_of("cluster: {w: 1, w: 2}\n"), ContainsSubstring("story.yaml:1:17: the key 'w' occurs twice"));
}

TEST_CASE("anchors, aliases, merge keys and tags are refused at their own place") {
  CHECK_THAT(complaints_of("disk: {sync: &slow 5ms}\nnetwork:\n  latency: *slow\n"),
             ContainsSubstring("story.yaml:1:14: an anchor (&name)"));
  CHECK_THAT(complaints_of("disk: {sync: &slow 5ms}\nnetwork:\n  latency: *slow\n"),
             ContainsSubstring("story.yaml:3:12: an alias (*name); write the value itself"));
  CHECK_THAT(complaints_of("cluster: &c {w: 1}\nnetwork:\n  <<: *c\n"),
             ContainsSubstring("story.yaml:3:3: a merge key ('<<')"));
  CHECK_THAT(complaint_of("seed: !!int 5\n"), ContainsSubstring("a tag ('tag:yaml.org,2002:int')"));
  CHECK_THAT(complaint_of("seed: *nothing\n"), ContainsSubstring("this is not YAML"));
}

TEST_CASE("a key that is no word is refused") {
  CHECK_THAT(complaint_of("? [a, b]\n: 1\n"), ContainsSubstring("a key that is a list; a key is a word"));
  CHECK_THAT(complaint_of("{a: 1}: 2\n"), ContainsSubstring("a key that is a mapping"));
  CHECK_THAT(complaint_of("~: 2\n"), ContainsSubstring("a key that is nothing"));
}

TEST_CASE("bytes that are not text are refused where they stand") {
  CHECK(complaint_of(std::string("seed: 4\nrun: \0", 14)).starts_with("story.yaml:2:6: a byte that is not text (0)"));
  CHECK_THAT(complaint_of("about: \xff\n"), ContainsSubstring("story.yaml:1:8: a byte that is not text (255)"));
  CHECK_THAT(complaint_of("about: caf\xc3"), ContainsSubstring("half a character at the end"));
  CHECK(load_good("\xEF\xBB\xBF"
                  "about: caf\xc3\xa9\n")
            .about == "caf\xc3\xa9");
}

TEST_CASE("a file whose top is no mapping is refused") {
  CHECK(complaint_of("hello\n").starts_with(
      "story.yaml:1:1: 'scenario' is a word; a mapping is needed, with any of: about, "));
  CHECK_THAT(complaint_of("- seed: 4\n"), ContainsSubstring("'scenario' is a list"));
}

TEST_CASE("line ends of Windows and a missing last one change nothing") {
  const Scenario scenario = load_good("seed: 4\r\nrun: 30s");
  CHECK(scenario.seed == 4);
  CHECK(scenario.run_ns == 30 * kSecond);
}

}  // namespace dkv::sim
