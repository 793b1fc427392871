#include "cli/terminal/text.h"

#include <cstdio>

#include "cli/terminal/page.h"
#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv;
using namespace dkv::cli;

TEST_CASE("numbers are grouped, and words take their plural") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1203) == "1,203");
  CHECK(grouped(18446744073709551615u) == "18,446,744,073,709,551,615");
  CHECK(counted(1, "hint") == "1 hint");
  CHECK(counted(1203, "hint") == "1,203 hints");
  CHECK(counted(2, "copy", "copies") == "2 copies");
}

TEST_CASE("a percentage is never rounded up to 100") {
  CHECK(percent(1, 1) == "100%");
  CHECK(percent(0, 0) == "100%");
  CHECK(percent(99999, 100000) == "99.99%");
  CHECK(percent(982, 1000) == "98.2%");
  CHECK(percent(0, 7) == "0.0%");
}

TEST_CASE("durations take the unit that a person would") {
  CHECK(duration(0) == "0 ns");
  CHECK(duration(412 * kMicrosecond) == "412 us");
  CHECK(duration(4'100 * kMicrosecond) == "4.1 ms");
  CHECK(duration(1'960 * kMicrosecond) == "2 ms");
  CHECK(duration(12 * kSecond) == "12 s");
  CHECK(duration(3600 * kSecond) == "60 min");
  CHECK(duration(25 * 3600 * kSecond) == "25 h");
  CHECK(duration(90 * 24 * 3600 * kSecond) == "90 days");
  CHECK(duration(472'222 * 3600 * kSecond) == "53.9 years");
  CHECK(clock_time(12'345 * kMillisecond) == "12.345s");
}

TEST_CASE("lists are cut where they grow too long") {
  CHECK(listed({}).empty());
  CHECK(listed({"a"}) == "a");
  CHECK(listed({"a", "b"}) == "a and b");
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
  CHECK(listed({"a", "b", "c", "d", "e"}, 3) == "a, b and 3 others");
  CHECK(joined({"a", "b", "c"}) == "a, b, c");
  CHECK(joined({"a", "b", "c", "d", "e"}, 3) == "a, b, 3 others");
}

TEST_CASE("values of clients cannot control the terminal") {
  CHECK(shown("milk") == "\"milk\"");
  CHECK(shown("\x1b[31m\n\xff") == "\".[31m..\"");
  CHECK(shown("\xc2\x9b") == "\".\"");  // a control character in two bytes
  CHECK(shown("grün") == "\"grün\"");
  CHECK(shown(std::string(100, 'x'), 10) == "\"xxxxxxxxx...\"");
  CHECK(harmless("a\x1b[0m\tb\nc") == "a.[0m b\nc");
}

TEST_CASE("columns are counted as a terminal shows them") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("grün") == 4);
  CHECK(columns_of("\u65e5\u672c") == 4);
  CHECK(columns_of("e\u0301") == 1);
}

TEST_CASE("text is wrapped at spaces, and a long word is cut") {
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("abcdefghij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(wrapped("one\n\ntwo", 10) == std::vector<std::string>{"one", "", "two"});
  CHECK(wrapped("a   b   c", 5) == std::vector<std::string>{"a   b", "c"});
  CHECK(wrapped("", 10) == std::vector<std::string>{""});
  CHECK(wrapped("日本 日本", 5) == std::vector<std::string>{"日本", "日本"});
  for (std::size_t width = 2; width < 30; ++width) {
    for (const std::string& line : wrapped("the quick brown fox jumps over the lazy dog", width)) {
      CHECK(columns_of(line) <= width);
    }
  }
}

TEST_CASE("a page has colours only on request") {
  const TemporaryFolder folder;
  const auto printed = [&](bool colours) {
    std::FILE* file = std::fopen(folder.path("page").c_str(), "w");
    REQUIRE(file);
    Page page(file, colours, 60);
    page.moment(1'500 * kMillisecond, "n1", "crashes", Tone::kFault);
    page.item("cast", "five nodes");
    std::fclose(file);
    return read_file(folder.path("page"));
  };
  CHECK(printed(true).find("\x1b[33mn1\x1b[0m") != std::string::npos);
  CHECK(printed(false) == "    1.500s  n1        crashes\n  cast     five nodes\n");
}
