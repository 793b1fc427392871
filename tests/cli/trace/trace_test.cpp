#include <map>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;
using Catch::Matchers::Contains;
using nlohmann::json;

TEST_CASE("a trace holds every event of the run between a header and the result") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const std::string trace = folder.path("run.jsonl.zst");
  const Ran ran = run({"run", path, "--json", "--trace", trace});
  REQUIRE(ran.status == 0);
  const auto lines = read_zstd_lines(trace);
  REQUIRE(lines.size() > 3);

  const json header = json::parse(lines.front());
  CHECK(header.at("kind") == "header");
  CHECK(header.at("scenario") == "small");
  CHECK(header.at("seed") == 5);
  CHECK(header.at("scenario_text") == kSmallStory);
  CHECK_THAT(header.at("schedule").get<std::string>(), Contains("partition"));
  CHECK_FALSE(header.at("build").get<std::string>().empty());
  CHECK(header.at("nodes") == json({"n1", "n2", "n3", "n4"}));

  std::uint64_t events = 0;
  std::int64_t last_time = 0;
  std::map<std::string, int> kinds;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const json line = json::parse(lines[i]);
    ++kinds[line.at("kind")];
    CHECK(line.at("t").get<std::int64_t>() >= last_time);
    last_time = line.at("t");
    if (line.contains("n")) CHECK(line.at("n") == ++events);
  }
  CHECK(events == ran.json().at("events"));
  for (const char* kind :
       {"message", "timer", "synced", "request", "reply", "fault", "operation", "observed", "healed", "converged"}) {
    CAPTURE(kind);
    CHECK(kinds[kind] > 0);
  }

  json last = json::parse(lines.back());
  CHECK(last.at("kind") == "result");
  json expected = ran.json();
  expected.erase("wall_seconds");
  last.erase("kind");
  expected.erase("why");  // a trace has the events themselves
  // In a trace each setback is a line.
  CHECK(static_cast<std::size_t>(kinds["setback"]) == expected.at("setbacks").size());
  expected.erase("setbacks");
  CHECK(last == expected);
}

TEST_CASE("messages in a trace show their content") {
  const TemporaryFolder folder;
  const std::string trace = folder.path("run.jsonl.zst");
  REQUIRE(run({"run", folder.write("small.yaml", kSmallStory), "--quiet", "--trace", trace}).status == 0);
  bool greeting_copied = false, write_answered = false;
  for (const std::string& text : read_zstd_lines(trace)) {
    const json line = json::parse(text);
    if (line.value("message", "") == "ReplicaPut" && line.value("key", "") == "greeting") {
      greeting_copied = true;
      CHECK(line.at("reason") == "write");
      CHECK(line.at("tags").size() == 1);
      CHECK(line.contains("from"));
      CHECK(line.contains("op"));
    }
    if (line.at("kind") == "operation" && line.value("name", "") == "alice") {
      write_answered = true;
      CHECK(line.at("value") == "hello");
      CHECK(line.at("outcome") == "done");
      CHECK(line.at("acks").at("total").get<int>() >= 2);
    }
  }
  CHECK(greeting_copied);
  CHECK(write_answered);
}

TEST_CASE("writing a trace changes neither the run nor its story") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran plain = run({"run", path});
  const Ran traced = run({"run", path, "--trace", folder.path("run.jsonl.zst")});
  CHECK(without_speed(plain.out) == without_speed(traced.out));
  REQUIRE(run({"run", path, "--trace", folder.path("again.jsonl.zst")}).status == 0);
  CHECK(read_file(folder.path("run.jsonl.zst")) == read_file(folder.path("again.jsonl.zst")));
}

TEST_CASE("a trace that can't be written exits with 2 before the run") {
  const TemporaryFolder folder;
  const std::string path = folder.write("small.yaml", kSmallStory);
  const Ran ran = run({"run", path, "--trace", "/nowhere/run.jsonl.zst"});
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Contains("/nowhere/run.jsonl.zst: cannot write"));
}

TEST_CASE("a trace that meets a full disk exits with 2") {
  const TemporaryFolder folder;
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--quiet", "--trace", "/dev/full"});
  CHECK(ran.status == 2);
  CHECK_THAT(ran.err, Contains("/dev/full: cannot write"));
}

TEST_CASE("a trace replays to the same fingerprint, with its overrides and its seed") {
  const TemporaryFolder folder;
  const std::string trace = folder.path("run.jsonl.zst");
  const Ran ran = run({"run", folder.write("small.yaml", kSmallStory), "--quiet", "--seed", "9", "--set", "cluster.r=1",
                       "--set", "cluster.w=1", "--trace", trace});
  REQUIRE(ran.status == 0);
  const Ran replayed = run({"replay", trace});
  CHECK(replayed.status == 0);
  CHECK_FALSE(fingerprint_in(ran.out).empty());
  CHECK(fingerprint_in(replayed.out) == fingerprint_in(ran.out));
  CHECK_THAT(replayed.out, Contains("the recorded fingerprint"));
  CHECK_THAT(replayed.out, Contains("n=3 r=1 w=1"));
}

TEST_CASE("a trace of an edited schedule replays that schedule") {
  const TemporaryFolder folder;
  const std::string trace = folder.path("run.jsonl.zst");
  const std::string schedule = folder.write("faults.yaml", "schedule:\n  - {at: 1500ms, for: 500ms, crash: [n2]}\n");
  const Ran ran =
      run({"run", folder.write("small.yaml", kSmallStory), "--json", "--schedule", schedule, "--trace", trace});
  REQUIRE(ran.status == 0);
  const Ran replayed = run({"replay", "--json", trace});
  CHECK(replayed.json().at("fingerprint") == ran.json().at("fingerprint"));
  CHECK(replayed.json().at("faults") == ran.json().at("faults"));
}

TEST_CASE("a file that is cut off, damaged or no trace exits with 2 and says so") {
  const TemporaryFolder folder;
  const std::string trace = folder.path("run.jsonl.zst");
  REQUIRE(run({"run", folder.write("small.yaml", kSmallStory), "--quiet", "--trace", trace}).status == 0);
  const std::string whole = read_file(trace);

  std::string damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  const Ran broken = run({"replay", folder.write("damaged.zst", damaged)});
  CHECK(broken.status == 2);
  CHECK_THAT(broken.err, Contains("damaged.zst: cannot decompress"));

  const Ran empty = run({"replay", folder.write("short.zst", whole.substr(0, 10))});
  CHECK(empty.status == 2);
  CHECK_THAT(empty.err, Contains("short.zst"));

  const Ran text = run({"replay", folder.write("text.yaml", "hello: world\n")});
  CHECK(text.status == 2);
  CHECK_THAT(text.err, Contains("text.yaml:1:"));
}

TEST_CASE("a trace whose end is missing replays, and says that there is nothing to compare with") {
  const TemporaryFolder folder;
  const std::string trace = folder.path("run.jsonl.zst");
  // Long enough for several blocks of compressed data, so that the first half holds the header.
  REQUIRE(
      run({"run", folder.write("small.yaml", kSmallStory), "--quiet", "--set", "run=30s", "--trace", trace}).status ==
      0);
  const std::string whole = read_file(trace);
  const Ran ran = run({"replay", "--quiet", folder.write("half.zst", whole.substr(0, whole.size() / 2))});
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Contains("the record ends before the run did"));
}
