// Tests the rules for documents on small made-up files. Each rule must be able to fail, and must not complain about
// correct files.
#include "tests/structure/document_rules.h"

#include "tests/catch.h"

using namespace dkv::structure;

namespace {

std::vector<std::string> with_readmes(std::vector<std::string> more) {
  for (const char* folder : {"engine/core", "sim", "viz", "cli", "tests", "scenarios", "deploy", "docs"}) {
    more.push_back(std::string(folder) + "/README.md");
  }
  return more;
}

std::vector<std::string> broken_links(std::string_view file, std::string_view text) {
  std::vector<std::string> broken;
  const auto exists = [](const std::string& path) { return path == "docs/a.md" || path == "README.md"; };
  for (const auto& finding : check_links(file, text, exists)) broken.push_back(finding.what);
  return broken;
}

std::string glossary(std::string_view terms) {
  return "# Glossary\n\nForm: one sentence.\n\n" + std::string(terms);
}

}  // namespace

TEST_CASE("a folder of sources needs a README") {
  CHECK(check_readmes(with_readmes({"engine/core/a.h"})).empty());
  CHECK(check_readmes(with_readmes({"sim/disk/a.h", "sim/disk/README.md"})).empty());
  const auto findings = check_readmes(with_readmes({"sim/disk/a.cpp"}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].file == "sim/disk/README.md");
}

TEST_CASE("a folder without sources needs no README, unless a newcomer opens it") {
  CHECK(check_readmes(with_readmes({"tests/core/a_test.cpp", "docs/pictures/a.png"})).empty());
  auto files = with_readmes({});
  std::erase(files, "scenarios/README.md");
  CHECK(check_readmes(files).size() == 1);
}

TEST_CASE("a link leads to a file that exists, from the folder of its page") {
  CHECK(broken_links("docs/b.md", "[a](a.md), [up](../README.md#top) and [a](../docs/a.md)").empty());
  CHECK(broken_links("docs/b.md", "[a](a.md) [c](c.md)") == std::vector<std::string>{"docs/c.md: no such file"});
  CHECK(broken_links("b.md", "![picture](pictures/x.png)") == std::vector<std::string>{"pictures/x.png: no such file"});
}

TEST_CASE("links to other sites, within a page and in code are not looked at") {
  CHECK(broken_links("b.md", "[x](https://example.org/x) [y](#y) [z](mailto:z@example.org)").empty());
  CHECK(broken_links("b.md", "`[x](x.md)` and\n```\n[x](x.md)\n```\n").empty());
  CHECK(broken_links("b.md", "```\ncode\n```\n[x](x.md)").size() == 1);
}

TEST_CASE("a glossary of terms with one paragraph each is in order") {
  CHECK(check_glossary("G", glossary("## actor\n\nOne line.\n\n## Merkle tree\n\nTwo\nlines.\n\n## node\n\nLast.\n"))
            .empty());
}

TEST_CASE("a glossary names the term that breaks its form") {
  const auto broken = [](std::string_view terms) {
    const auto findings = check_glossary("G", glossary(terms));
    return findings.size() == 1 ? findings[0].line : 0;
  };
  CHECK(broken("## a\n\nOne.\n\n## a\n\nTwice.\n") == 9);
  CHECK(broken("## a\n\nOne.\n\n## A\n\nTwice.\n") == 9);
  CHECK(broken("## b\n\nOne.\n\n## a\n\nTwo.\n") == 9);
  CHECK(broken("## a\n\n## b\n\nOne.\n") == 5);
  CHECK(broken("## a\n\nOne.\n\nTwo.\n") == 5);
  CHECK(broken("## a\n\nSome `code`.\n") == 5);
  CHECK(broken("## a\n\n- a list\n") == 5);
  CHECK(broken("no terms\n") == 1);
  CHECK(check_glossary("G", "## a\n\nNo title.\n").size() == 2);
}
