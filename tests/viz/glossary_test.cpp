#include "viz/model/glossary.h"

#include <algorithm>

#include "tests/catch.h"

using namespace dkv::viz;

TEST_CASE("a glossary is read term by term, each definition as one line") {
  const auto terms =
      read_glossary("# Glossary\n\nForm: a line.\n\n## dot\n\nThe name of\none write.\n\n## era\n\nA number.");
  REQUIRE(terms.size() == 2);
  CHECK(terms[0].term == "dot");
  CHECK(terms[0].definition == "The name of one write.");
  CHECK(terms[1].term == "era");
  CHECK(terms[1].definition == "A number.");
  CHECK(read_glossary("").empty());
}

TEST_CASE("the glossary of the program defines the terms that its panels use") {
  const auto terms = read_glossary(glossary_text());
  for (const char* word : {"hint", "sibling", "Merkle tree", "branch", "moment"}) {
    CAPTURE(word);
    const auto found = std::ranges::find(terms, word, &GlossaryTerm::term);
    REQUIRE(found != terms.end());
    CHECK(found->definition.ends_with('.'));
  }
}

TEST_CASE("a term is found by its name or its definition, in upper or lower case") {
  const GlossaryTerm term{"Merkle tree", "A tree of hashes."};
  CHECK(mentions(term, "merkle"));
  CHECK(mentions(term, "OF HASHES"));
  CHECK(mentions(term, ""));
  CHECK_FALSE(mentions(term, "hint"));
}
