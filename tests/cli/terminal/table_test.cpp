#include "cli/terminal/table.h"

#include <cstdio>
#include <string>

#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv::cli;

TEST_CASE("a table's columns are as wide as their widest cell, numbers to the right") {
  const TemporaryFolder folder;
  std::FILE* out = std::fopen(folder.path("out").c_str(), "w");
  REQUIRE(out != nullptr);
  Page page(out, false, 80);
  Table table({"node", ">keys", "state"});
  table.row({"n1", "5", "fine"});
  table.row({"a longer name", "1,200", ""});
  table.print(page);
  std::fclose(out);
  CHECK(read_file(folder.path("out")) ==
        "  node            keys  state\n"
        "  n1                 5  fine\n"
        "  a longer name  1,200\n");
}
