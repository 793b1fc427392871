#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dkv::viz {

// A term of GLOSSARY.md with its definition, as one line of plain text.
struct GlossaryTerm {
  std::string term;
  std::string definition;
};

// The text of GLOSSARY.md at the time of the build. CMakeLists.txt generates the definition.
std::string_view glossary_text() noexcept;

// The terms of a text in the form of GLOSSARY.md, in its order.
std::vector<GlossaryTerm> read_glossary(std::string_view text);

// Whether the term or its definition contains the words, in upper or lower case. True for no words.
bool mentions(const GlossaryTerm& term, std::string_view words);

}  // namespace dkv::viz
