#include "viz/model/short_names.h"

#include <set>

#include "tests/catch.h"

using namespace dkv::viz;

TEST_CASE("short names stay, and long ones that begin differently keep their beginning") {
  CHECK(short_names({"n1", "n2"}, 6) == std::vector<std::string>{"n1", "n2"});
  CHECK(short_names({"alpha", "beta-with-a-very-long-name"}, 6) == std::vector<std::string>{"alpha", "beta-…"});
}

TEST_CASE("long names that begin in the same way keep the part that differs") {
  const auto names =
      short_names({"node-eu-west-1.example.org", "node-eu-west-2.example.org", "node-us-east-1.example.org"}, 8);
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == 3);
  CHECK(names[0].find('1') != std::string::npos);
  CHECK(names[1].find('2') != std::string::npos);
  for (const std::string& name : names) CHECK(name.find("…") != std::string::npos);
}

TEST_CASE("short forms are as different as the names, whatever these have in common") {
  std::vector<std::string> names;
  for (int i = 0; i < 120; ++i) names.push_back("a-host-in-the-rack-" + std::to_string(i) + "-of-the-first-row");
  names.push_back("b-host-in-the-rack-1-of-the-first-row");
  for (std::size_t most = 1; most < 40; ++most) {
    const auto cut = short_names(names, most);
    CHECK(std::set<std::string>(cut.begin(), cut.end()).size() == names.size());
  }
}

TEST_CASE("a name is never cut within a letter") {
  const auto names = short_names({"сервер-первый-в-ряду", "сервер-второй-в-ряду"}, 8);
  CHECK(names[0] != names[1]);
  for (const std::string& name : names)
    CHECK((static_cast<unsigned char>(name[name.find_first_not_of("…")]) & 0xc0) != 0x80);
}
