#include "viz/model/short_names.h"

#include <algorithm>
#include <map>
#include <set>

namespace dkv::viz {
namespace {

using Letters = std::vector<std::string>;

Letters letters_of(const std::string& name) {
  Letters letters;
  for (const char byte : name) {
    if ((static_cast<unsigned char>(byte) & 0xc0) != 0x80 || letters.empty()) letters.emplace_back();
    letters.back() += byte;
  }
  return letters;
}

std::string part(const Letters& letters, std::size_t from, std::size_t count) {
  const std::size_t to = std::min(letters.size(), from + count);
  std::string text = from > 0 ? "…" : "";
  for (std::size_t i = from; i < to; ++i) text += letters[i];
  return text + (to < letters.size() ? "…" : "");
}

std::size_t common(const Letters& a, const Letters& b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

std::vector<std::string> short_names(const std::vector<std::string>& names, std::size_t most) {
  most = std::max<std::size_t>(most, 4);
  std::vector<Letters> all;
  std::vector<std::string> shorts;
  for (const std::string& name : names) {
    all.push_back(letters_of(name));
    shorts.push_back(all.back().size() <= most ? name : part(all.back(), 0, most - 1));
  }
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < names.size(); ++i) groups[shorts[i]].push_back(i);
  for (const auto& [text, group] : groups) {
    if (group.size() == 1) continue;
    // In the order of the names, the one most like a name is beside it.
    std::vector<std::size_t> sorted = group;
    std::ranges::sort(sorted, {}, [&](std::size_t i) { return names[i]; });
    for (std::size_t at = 0; at < sorted.size(); ++at) {
      const Letters& name = all[sorted[at]];
      std::size_t differs = 0;
      if (at > 0) differs = common(name, all[sorted[at - 1]]);
      if (at + 1 < sorted.size()) differs = std::max(differs, common(name, all[sorted[at + 1]]));
      const std::size_t room = most - 2;
      // The first letter that differs is in the middle. Near the end there is more room before it.
      std::size_t from = differs > room / 2 ? differs - room / 2 : 0;
      if (name.size() > room) from = std::min(from, name.size() - room);
      shorts[sorted[at]] = part(name, from, room);
    }
  }
  std::map<std::string, std::set<std::string>> users;
  for (std::size_t i = 0; i < names.size(); ++i) users[shorts[i]].insert(names[i]);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (users[shorts[i]].size() > 1) shorts[i] = names[i];
  }
  return shorts;
}

}  // namespace dkv::viz
