#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dkv {

// How many insertions, deletions, replacements and swaps of neighbours turn a into b (optimal string alignment, the
// restricted form of F. Damerau's distance, 1964), in bytes. Answers with limit + 1 as soon as it must be above limit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// "did you mean 'x'?" when exactly one allowed word is nearest, within 2 edits (1 for words of up to four
// letters); otherwise "allowed: x, y, z".
std::string suggest(std::string_view word, std::span<const std::string_view> allowed);
std::string suggest(std::string_view word, const std::vector<std::string>& allowed);

// "x, y, z", cut short after a dozen words.
std::string list_words(std::span<const std::string_view> words);

// The word in quotes, with control characters shown as '?', cut short when long.
std::string quoted(std::string_view word);

}  // namespace dkv
