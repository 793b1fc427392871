#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "engine/input/suggest.h"
#include "engine/input/tree.h"
#include "engine/input/units.h"

namespace dkv {

namespace {

// True when every YAML reader takes the text as a plain word, also inside flow style.
bool is_bare(std::string_view word) {
  if (word.empty() || word == "~" || word == "null" || word == "?" || word.front() == '-' || word.front() == ' ' ||
      word.back() == ' ') {
    return false;
  }
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("._/+% -").find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::string flow_word(std::string_view word) {
  if (is_bare(word)) return std::string(word);
  // A leading minus is allowed before a digit: it makes a negative duration.
  if (word.size() > 1 && word[0] == '-' && is_bare(word.substr(1)) && word[1] >= '0' && word[1] <= '9') {
    return std::string(word);
  }
  std::string text = "\"";
  for (const char c : word) {
    switch (c) {
      case '\n': text += "\\n"; break;
      case '\t': text += "\\t"; break;
      case '\r': text += "\\r"; break;
      case '"': text += "\\\""; break;
      case '\\': text += "\\\\"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          constexpr std::string_view kHex = "0123456789abcdef";
          text += "\\x";
          text += kHex[static_cast<unsigned char>(c) >> 4];
          text += kHex[c & 15];
        } else {
          text += c;
        }
    }
  }
  return text + '"';
}

std::string flow_text(const Yaml& tree) {
  std::string text;
  switch (tree.kind) {
    case Yaml::Kind::kNothing:
    case Yaml::Kind::kRefused: return "~";
    case Yaml::Kind::kWord: return flow_word(tree.text);
    case Yaml::Kind::kList:
      for (const Yaml& item : tree.items) text += (text.empty() ? "" : ", ") + flow_text(item);
      return "[" + text + "]";
    case Yaml::Kind::kMap:
      for (const Yaml::Entry& entry : tree.entries) {
        text += (text.empty() ? "" : ", ") + flow_word(entry.key.text) + ": " + flow_text(entry.value);
      }
      return "{" + text + "}";
  }
  return text;
}

std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max, Complaints& complaints) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) {
    complaints.add({}, std::string("the file can't be opened (") + std::strerror(errno) + ")",
                   "check its name and its permissions");
    return std::nullopt;
  }
  // One byte more than allowed is read, to learn whether there is more: a pipe or a device has no size.
  std::string text(bytes_max + 1, '\0');
  const std::size_t got = std::fread(text.data(), 1, text.size(), file.get());
  if (std::ferror(file.get()) != 0) {
    complaints.add({}, std::string("the file can't be read (") + std::strerror(errno) + ")",
                   "a file is needed, not a folder");
    return std::nullopt;
  }
  if (got > bytes_max) {
    complaints.add({}, "the file is larger than " + size_text(bytes_max),
                   "files of this kind are much smaller: is it the right one?");
    return std::nullopt;
  }
  text.resize(got);
  return text;
}

}  // namespace dkv
