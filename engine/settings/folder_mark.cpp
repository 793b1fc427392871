#include "engine/settings/folder_mark.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/input/suggest.h"
#include "engine/input/units.h"

namespace dkv {
namespace {

constexpr std::string_view kFirstLine = "distri-kv folder 1";
constexpr std::string_view kIs = " = ";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '\\') {
      out += "\\\\";
    } else if (each == '\n') {
      out += "\\n";
    } else {
      out.push_back(each);
    }
  }
  return out;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    if (++i == text.size() || (text[i] != '\\' && text[i] != 'n')) return std::nullopt;
    out.push_back(text[i] == 'n' ? '\n' : '\\');
  }
  return out;
}

std::optional<std::string_view> next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool read_hex(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return text.size() == 16 && error == std::errc() && end == text.data() + text.size();
}

// "name = value"
std::optional<AgreedSetting> read_setting(std::string_view line) {
  const std::size_t is = line.find(kIs);
  if (is == std::string_view::npos) return std::nullopt;
  auto name = unescaped(line.substr(0, is));
  auto value = unescaped(line.substr(is + kIs.size()));
  if (!name || !value) return std::nullopt;
  return AgreedSetting{std::move(*name), std::move(*value)};
}

tl::unexpected<Error> damaged_mark() {
  return fail("the mark of the folder's owner is damaged: put the file back, or give the node an empty folder");
}

}  // namespace

std::string encode_mark(const FolderMark& mark) {
  std::string text(kFirstLine);
  const auto add = [&](std::string_view name, std::string_view value) {
    text.append("\n").append(escaped(name)).append(kIs).append(escaped(value));
  };
  add("folder", hex16(mark.folder.high) + hex16(mark.folder.low));
  add("cluster", mark.cluster);
  add("node", mark.node);
  for (const AgreedSetting& one : mark.layout) add(one.name, one.value);
  return text + "\n";
}

Result<FolderMark> decode_mark(std::string_view text) {
  if (next_line(text) != kFirstLine) return damaged_mark();
  Agreement lines;
  while (!text.empty()) {
    const auto line = next_line(text);
    auto setting = line ? read_setting(*line) : std::nullopt;
    if (!setting) return damaged_mark();
    lines.push_back(std::move(*setting));
  }
  if (lines.size() < 3 || lines[0].name != "folder" || lines[1].name != "cluster" || lines[2].name != "node") {
    return damaged_mark();
  }
  FolderMark mark{.folder = {}, .cluster = lines[1].value, .node = lines[2].value, .layout = {}};
  const std::string_view id = lines[0].value;
  if (id.size() != 32 || !read_hex(id.substr(0, 16), mark.folder.high) || !read_hex(id.substr(16), mark.folder.low)) {
    return damaged_mark();
  }
  mark.layout.assign(lines.begin() + 3, lines.end());
  return mark;
}

Result<void> may_serve(const FolderMark& holds, const FolderMark& asked) {
  if (holds.cluster != asked.cluster) {
    return fail("it belongs to node " + quoted(holds.node) + " of cluster " + quoted(holds.cluster) +
                ", and was asked to serve cluster " + quoted(asked.cluster) +
                ": name the right cluster, or give the node a folder of its own");
  }
  if (holds.node != asked.node) {
    return fail("it belongs to node " + quoted(holds.node) + ", and was asked to serve as node " + quoted(asked.node) +
                ": give " + quoted(asked.node) + " its own folder, or an empty one that its replicas fill");
  }
  const std::vector<Difference> changed = differences(asked.layout, holds.layout);
  if (changed.empty()) return {};
  std::string text;
  for (const Difference& one : changed) {
    if (!text.empty()) text += "; ";
    if (text.size() > 600) {
      text += "...";
      break;
    }
    text += one.name + " was " + one.there + " and is asked to be " + one.here;
  }
  return fail("it was made for another layout: " + text +
              ". A layout cannot change yet on a folder that exists: restore the configuration");
}

}  // namespace dkv
