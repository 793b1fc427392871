#include "viz/model/glossary.h"

#include <algorithm>

namespace dkv::viz {
namespace {

char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains_words(std::string_view text, std::string_view words) {
  return !std::ranges::search(text, words, {}, lower_case, lower_case).empty();
}

}  // namespace

std::vector<GlossaryTerm> read_glossary(std::string_view text) {
  constexpr std::string_view kHeading = "## ";
  std::vector<GlossaryTerm> terms;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with(kHeading)) {
      terms.push_back({std::string(line.substr(kHeading.size())), {}});
    } else if (!terms.empty() && !line.empty()) {
      std::string& definition = terms.back().definition;
      if (!definition.empty()) definition += ' ';
      definition += line;
    }
  }
  return terms;
}

bool mentions(const GlossaryTerm& term, std::string_view words) {
  return words.empty() || contains_words(term.term, words) || contains_words(term.definition, words);
}

}  // namespace dkv::viz
