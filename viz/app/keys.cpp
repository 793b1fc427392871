#include "viz/app/keys.h"

#include <cctype>
#include <utility>

namespace dkv::viz {

std::optional<int> key_by_name(std::string_view name) {
  constexpr std::pair<std::string_view, int> kNames[] = {
      {"Space", key::kSpace},         {"Escape", key::kEscape}, {"Enter", key::kEnter},   {"Tab", key::kTab},
      {"Backspace", key::kBackspace}, {"Delete", key::kDelete}, {"Right", key::kRight},   {"Left", key::kLeft},
      {"Down", key::kDown},           {"Up", key::kUp},         {"PageUp", key::kPageUp}, {"PageDown", key::kPageDown},
      {"Home", key::kHome},           {"End", key::kEnd},       {"F1", key::kF1}};
  for (const auto& [known, number] : kNames)
    if (known == name) return number;
  if (name.size() != 1 || std::isgraph(static_cast<unsigned char>(name[0])) == 0) return {};
  return std::toupper(static_cast<unsigned char>(name[0]));
}

}  // namespace dkv::viz
