#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dkv {

// The number of insertions, deletions, replacements and swaps of neighbours that turn a into b, in bytes. This is the
// optimal string alignment, a restricted form of F. Damerau's distance (1964). Returns limit + 1 as soon as the
// distance must exceed the limit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// "did you mean 'x'?" when exactly one allowed word is nearest, within 2 edits (1 for words of up to four letters).
// Otherwise "allowed: x, y, z".
std::string suggest(std::string_view word, std::span<const std::string_view> allowed);
std::string suggest(std::string_view word, const std::vector<std::string>& allowed);

// "x, y, z"; cut off after a dozen words.
std::string list_words(std::span<const std::string_view> words);

// The word in quotes. Control characters are shown as '?', and a long word is cut off.
std::string quoted(std::string_view word);

}  // namespace dkv
