// Checks the documents of the repository itself by document_rules.h.
#include <set>

#include "tests/catch.h"
#include "tests/paths.h"
#include "tests/structure/document_rules.h"
#include "tests/structure/repository.h"

using namespace dkv::structure;

namespace {

const std::filesystem::path kRoot = dkv::paths::kSources;

}  // namespace

TEST_CASE("every folder of sources has a README that describes it") {
  const auto findings = describe(check_readmes(project_files()));
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("every relative link in a document leads to a file of the project") {
  std::set<std::string> known;
  for (const std::string& file : project_files()) {
    for (std::filesystem::path path = file; !path.empty(); path = path.parent_path())
      known.insert(path.generic_string());
  }
  const auto exists = [&](std::string path) {
    while (path.ends_with('/')) path.pop_back();
    return known.contains(path);
  };
  std::size_t documents = 0;
  std::vector<Finding> all;
  for (const std::string& file : project_files()) {
    if (!file.ends_with(".md")) continue;
    ++documents;
    const auto some = check_links(file, read(kRoot / file), exists);
    all.insert(all.end(), some.begin(), some.end());
  }
  CHECK(documents > 10);
  const auto findings = describe(all);
  INFO(findings);
  CHECK(findings.empty());
}

TEST_CASE("the glossary can be read by a program, and defines each term once") {
  const auto findings = describe(check_glossary("GLOSSARY.md", read(kRoot / "GLOSSARY.md")));
  INFO(findings);
  CHECK(findings.empty());
}
