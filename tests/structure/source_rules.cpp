#include "tests/structure/source_rules.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/paths.h"

namespace dkv::structure {
namespace {

using Strings = std::set<std::string, std::less<>>;

// Each folder with all folders that it may include, from cmake/layers.txt; the lower layers of its lower layers are
// added.
using Layers = std::map<std::string, Strings, std::less<>>;

// The nearest folder above the file that has a place among the layers; empty when there is none.
std::string layer_of(std::string_view path, const Layers& layers) {
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/', slash - 1)) {
    const auto folder = path.substr(0, slash);
    if (layers.contains(folder)) return std::string(folder);
    if (slash == 0) break;
  }
  return {};
}

const Layers& layers() {
  static const Layers table = [] {
    std::ifstream in(std::string(paths::kSources) + "/cmake/layers.txt");
    Layers result;
    for (std::string line; std::getline(in, line);) {
      line.erase(std::find(line.begin(), line.end(), '#'), line.end());
      const auto colon = line.find(':');
      if (colon == std::string::npos) continue;
      const std::string folder = line.substr(0, colon);
      Strings below{folder};
      std::istringstream words(line.substr(colon + 1));
      for (std::string word; words >> word;) {
        // A layer must be declared before it is used, so that there is no cycle.
        const auto lower = result.find(word);
        if (lower == result.end())
          throw std::runtime_error("cmake/layers.txt: " + folder + " names " + word + " before its line");
        below.insert(lower->second.begin(), lower->second.end());
      }
      result[folder] = std::move(below);
    }
    return result;
  }();
  return table;
}

struct Include {
  std::size_t line;
  std::string path;
  bool quoted;
};

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<Include> includes_of(std::string_view text) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  const auto lines = split_lines(blank_comments(text, false));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, pattern)) includes.push_back({i + 1, match[2], match[1] == "\""});
  }
  return includes;
}

bool in_engine_or_sim(std::string_view file) {
  return file.starts_with("engine/") || file.starts_with("sim/");
}
bool in_runtime(std::string_view file) {
  return file.starts_with("engine/runtime/");
}

// Copies text and blanks everything that is not code, in one pass.
class Blanker {
 public:
  Blanker(std::string_view text, bool literals_too) : text_(text), literals_too_(literals_too) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        skip_to(text_.find('\n', at_), true);
      } else if (starts("/*")) {
        skip_past("*/", at_ + 2, true);
      } else if (starts("R\"") && !in_word()) {
        const std::size_t open = std::min(text_.find('(', at_), text_.size());
        skip_past(")" + std::string(text_.substr(at_ + 2, open - std::min(open, at_ + 2))) + "\"", open, literals_too_);
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !in_word())) {
        skip_literal(text_[at_]);
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // After a letter or digit a ' separates digits, and an R" belongs to the word before it. Prefixes such as u8 and L
  // need no care: a string literal after one is skipped in the same way.
  bool in_word() const {
    return at_ > 0 && (std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0 || text_[at_ - 1] == '_');
  }

  void skip_to(std::size_t end, bool blank) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) out_ += blank && text_[at_] != '\n' ? ' ' : text_[at_];
  }
  void skip_past(std::string_view closing, std::size_t from, bool blank) {
    const std::size_t found = text_.find(closing, from);
    skip_to(found == std::string_view::npos ? text_.size() : found + closing.size(), blank);
  }
  void skip_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    skip_to(end + 1, literals_too_);
  }

  std::string_view text_;
  bool literals_too_;
  std::size_t at_ = 0;
  std::string out_;
};

struct Ban {
  std::regex pattern;
  const char* why;
  bool allowed_in_runtime;
};

const std::vector<Ban>& bans() {
  static const std::vector<Ban> list = [] {
    std::vector<Ban> result;
    const auto ban = [&](const char* pattern, const char* why, bool allowed_in_runtime) {
      result.push_back({std::regex(pattern, std::regex::optimize), why, allowed_in_runtime});
    };
    ban(R"(\b(system|steady|high_resolution|utc|tai|gps|file)_clock\b)", "reads a real clock", true);
    ban(R"((^|[^\w.>])time\s*\(\s*(nullptr|NULL|0|&))", "reads a real clock", true);
    ban(R"(\b(gettimeofday|clock_gettime)\b)", "reads a real clock", true);
    ban(R"(\bstd::(thread|jthread|async|this_thread)\b)", "depends on the scheduler", true);
    ban(R"(\bthread_local\b)", "is state outside the simulated world", true);
    ban(R"(\brandom_device\b)", "is real entropy", true);
    ban(R"(\bgetenv\b)", "depends on the environment", true);
    ban(R"((^|[^\w.>])s?rand\s*\()", "is a global generator", false);
    ban(R"(\b(std|boost::random)::\w+_distribution\b)", "differs between standard libraries", false);
    ban(R"(\bstd::(ranges::)?(shuffle|sample)\b)", "differs between standard libraries", false);
    ban(R"(\bstd::hash\b)", "differs between standard libraries", false);
    ban(R"(\bstd::unordered_)", "has an order that differs between standard libraries", false);
    ban(R"(\bstd::(move_only_)?function\b)", "hides state that a copy of the world would share or lose", true);
    return result;
  }();
  return list;
}

}  // namespace

std::string describe(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings)
    text += finding.file + ':' + std::to_string(finding.line) + ": " + finding.what + '\n';
  return text;
}

std::string blank_comments(std::string_view text, bool literals_too) {
  return Blanker(text, literals_too).run();
}

std::vector<Finding> check_layering(std::string_view file, std::string_view text) {
  const std::string folder = layer_of(file, layers());
  const auto layer = layers().find(folder);
  if (layer == layers().end()) return {{std::string(file), 0, "its folder has no place in the layering"}};
  std::vector<Finding> findings;
  for (const auto& include : includes_of(text)) {
    std::string target = layer_of(include.path, layers());
    if (target.empty() && include.path.starts_with("tests/")) target = "tests";
    std::string what;
    if (target.empty()) {
      if (include.quoted) what = "names neither a file of ours from the repository's root, nor a library's in <>";
    } else if (!layer->second.contains(target)) {
      what = folder + " must not include " + target;
    }
    if (!what.empty()) findings.push_back({std::string(file), include.line, include.path + ": " + what});
  }
  return findings;
}

std::vector<Finding> check_heavy_headers(std::string_view file, std::string_view text) {
  if (!in_engine_or_sim(file) || !file.ends_with(".h")) return {};
  std::vector<std::string_view> heavy{"nlohmann/json.hpp", "yaml-cpp/", "CLI/", "catch2/", "rapidcheck"};
  if (!in_runtime(file)) heavy.insert(heavy.end(), {"boost/asio", "boost/beast", "spdlog/"});
  std::vector<Finding> findings;
  for (const auto& include : includes_of(text)) {
    const auto starts = [&](std::string_view prefix) { return include.path.starts_with(prefix); };
    if (std::any_of(heavy.begin(), heavy.end(), starts))
      findings.push_back({std::string(file), include.line, include.path + ": too heavy for a header"});
  }
  return findings;
}

std::vector<Finding> check_determinism(std::string_view file, std::string_view text) {
  if (!in_engine_or_sim(file)) return {};
  std::vector<Finding> findings;
  const auto lines = split_lines(blank_comments(text, true));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const auto& ban : bans()) {
      std::smatch match;
      if ((ban.allowed_in_runtime && in_runtime(file)) || !std::regex_search(lines[i], match, ban.pattern)) continue;
      findings.push_back({std::string(file), i + 1, match.str() + ": " + ban.why});
    }
  }
  return findings;
}

std::vector<Finding> check_storage_seam(std::string_view file, std::string_view text) {
  if (file.starts_with("engine/storage/")) return {};
  static const std::regex backend(R"(\b(LogStore|MemoryStore|StorageBackend::k\w+|(log|memory)_store\.h)\b)");
  std::vector<Finding> findings;
  const auto lines = split_lines(blank_comments(text, false));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(lines[i], match, backend)) continue;
    findings.push_back({std::string(file), i + 1, match.str() + ": names a storage backend"});
  }
  return findings;
}

std::vector<Finding> check_length(std::string_view file, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines < kMaxLines) return {};
  return {{std::string(file), lines, "too long: a new behaviour is a new file"}};
}

std::vector<Finding> check_machine_paths(std::string_view file, std::string_view text) {
  const std::string needle = std::string("/wo") + "rk/";  // in two parts, because this file is checked as well
  const std::string_view in_path = "._-~/";               // "/a" + needle is another path, not one from the root
  std::vector<Finding> findings;
  std::size_t line = 1;
  std::size_t counted = 0;
  for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (std::isalnum(static_cast<unsigned char>(before)) != 0 || in_path.find(before) != std::string_view::npos)
      continue;
    line += static_cast<std::size_t>(std::count(text.begin() + counted, text.begin() + at, '\n'));
    counted = at;
    findings.push_back({std::string(file), line, "names a folder of one machine"});
  }
  return findings;
}

}  // namespace dkv::structure
