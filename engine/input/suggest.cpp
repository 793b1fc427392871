#include "engine/input/suggest.h"

#include <algorithm>

namespace dkv {

namespace {
constexpr std::size_t kNear = 2;
constexpr std::size_t kShown = 24;
constexpr std::size_t kQuotedMax = 60;
}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

std::string suggest(std::string_view word, std::span<const std::string_view> allowed) {
  std::string_view nearest;
  std::size_t nearest_distance = kNear + 1;
  bool only_one = false;
  for (const std::string_view candidate : allowed) {
    const std::size_t distance = edit_distance(word, candidate, kNear);
    // Two edits turn any short word into any other.
    if (distance > kNear || (distance == kNear && candidate.size() <= 4) ||
        distance >= std::max(word.size(), candidate.size())) {
      continue;
    }
    if (distance < nearest_distance) {
      nearest = candidate;
      nearest_distance = distance;
      only_one = true;
    } else if (distance == nearest_distance) {
      only_one = false;
    }
  }
  if (only_one) return "did you mean '" + std::string(nearest) + "'?";
  return "allowed: " + list_words(allowed);
}

std::string suggest(std::string_view word, const std::vector<std::string>& allowed) {
  const std::vector<std::string_view> views(allowed.begin(), allowed.end());
  return suggest(word, views);
}

std::string list_words(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < kShown; ++i) {
    if (i > 0) text += ", ";
    text += words[i];
  }
  if (words.size() > kShown) text += ", ... (" + std::to_string(words.size()) + " in all)";
  return text;
}

std::string quoted(std::string_view word) {
  std::string text = "'";
  std::size_t end = std::min(word.size(), kQuotedMax);
  // Never cut inside a UTF-8 character.
  while (end < word.size() && end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  for (const char c : word.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  if (end < word.size()) text += "...";
  return text + "'";
}

}  // namespace dkv
