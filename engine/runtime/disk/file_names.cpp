#include "engine/runtime/disk/file_names.h"

#include <charconv>
#include <span>

namespace dkv {
namespace {

constexpr std::size_t kDigitsMin = 12;

constexpr std::string_view suffix_of(FileKind kind) {
  return kind == FileKind::kSegment ? ".seg" : ".snap";
}

}  // namespace

std::string file_text(FileName name) {
  std::string digits = std::to_string(name.number);
  if (digits.size() < kDigitsMin) digits.insert(0, kDigitsMin - digits.size(), '0');
  return digits.append(suffix_of(name.kind));
}

std::optional<FileName> parse_file_name(std::string_view text) noexcept {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < kDigitsMin) return std::nullopt;
  if (dot > kDigitsMin && text.front() == '0') return std::nullopt;
  FileName name;
  const std::span<const char> digits(text.begin(), dot);
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, name.number);
  if (parsed.ec != std::errc() || parsed.ptr != end || name.number == 0) return std::nullopt;
  for (const FileKind kind : {FileKind::kSegment, FileKind::kSnapshot}) {
    name.kind = kind;
    if (text.substr(dot) == suffix_of(kind)) return name;
  }
  return std::nullopt;
}

}  // namespace dkv
