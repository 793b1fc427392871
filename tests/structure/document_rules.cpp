#include "tests/structure/document_rules.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace dkv::structure {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Replaces `code` in a line by spaces.
std::string without_code(std::string_view line) {
  std::string result(line);
  for (std::size_t open = result.find('`'); open != std::string::npos; open = result.find('`', open)) {
    const std::size_t close = result.find('`', open + 1);
    if (close == std::string::npos) break;
    std::fill(result.begin() + static_cast<std::ptrdiff_t>(open),
              result.begin() + static_cast<std::ptrdiff_t>(close) + 1, ' ');
  }
  return result;
}

bool is_relative(std::string_view target) {
  return !target.empty() && target.front() != '#' && target.find("://") == std::string_view::npos &&
         !target.starts_with("mailto:");
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// One term with the lines that follow it, up to the next one.
class Term {
 public:
  Term(std::string_view file, std::size_t line, std::string_view name) : file_(file), line_(line), name_(name) {}

  void add(std::string_view line) {
    if (line.empty()) {
      if (in_paragraph_) in_paragraph_ = false;
      return;
    }
    if (!in_paragraph_) ++paragraphs_;
    in_paragraph_ = true;
    if (line.find_first_of("`*[]|<>#") != std::string_view::npos || line.front() == '-' || line.front() == ' ') {
      has_markup_ = true;
    }
  }
  void finish(std::vector<Finding>& findings) const {
    const auto complain = [&](const char* what) {
      findings.push_back({std::string(file_), line_, name_ + ": " + what});
    };
    if (paragraphs_ != 1) complain("a term has one paragraph");
    if (has_markup_) complain("a definition is plain text");
  }
  const std::string& name() const { return name_; }

 private:
  std::string_view file_;
  std::size_t line_;
  std::string name_;
  std::size_t paragraphs_ = 0;
  bool in_paragraph_ = false;
  bool has_markup_ = false;
};

}  // namespace

std::vector<Finding> check_readmes(const std::vector<std::string>& files) {
  std::set<std::string> folders = {"engine/core", "sim", "viz", "cli", "tests", "scenarios", "deploy", "docs"};
  std::set<std::string> have;
  for (const std::string& file : files) {
    const fs::path path(file);
    const std::string folder = path.parent_path().generic_string();
    if (path.filename() == "README.md") have.insert(folder);
    const bool source = path.extension() == ".h" || path.extension() == ".cpp";
    const std::string top = path.begin() == path.end() ? std::string() : path.begin()->generic_string();
    if (source && (top == "engine" || top == "sim" || top == "viz" || top == "cli")) folders.insert(folder);
  }
  std::vector<Finding> findings;
  for (const std::string& folder : folders) {
    if (!have.contains(folder)) {
      findings.push_back({folder + "/README.md", 0, "is missing: say what the folder is, and where to begin"});
    }
  }
  return findings;
}

std::vector<Finding> check_links(std::string_view file, std::string_view text,
                                 const std::function<bool(const std::string&)>& exists) {
  std::vector<Finding> findings;
  const fs::path folder = fs::path(file).parent_path();
  bool in_block = false;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("```")) in_block = !in_block;
    if (in_block) continue;
    const std::string line = without_code(lines[i]);
    for (std::size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 2)) {
      const std::size_t end = line.find(')', at);
      if (end == std::string::npos) break;
      const std::string_view target = std::string_view(line).substr(at + 2, end - at - 2);
      if (!is_relative(target)) continue;
      const std::string path = (folder / target.substr(0, target.find('#'))).lexically_normal().generic_string();
      if (!exists(path)) findings.push_back({std::string(file), i + 1, path + ": no such file"});
    }
  }
  return findings;
}

std::vector<Finding> check_glossary(std::string_view file, std::string_view text) {
  std::vector<Finding> findings;
  std::vector<Term> terms;
  const auto lines = lines_of(text);
  const auto complain = [&](std::size_t line, std::string what) {
    findings.push_back({std::string(file), line, std::move(what)});
  };
  if (lines.empty() || !lines[0].starts_with("# ")) complain(1, "begins with a title");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].starts_with("## ")) {
      if (!terms.empty()) terms.back().add(lines[i]);
      continue;
    }
    const std::string name(lines[i].substr(3));
    if (!terms.empty() && lower(terms.back().name()) >= lower(name)) {
      complain(i + 1, name + ": terms ascend, each stands once; before it stands " + terms.back().name());
    }
    terms.emplace_back(file, i + 1, name);
  }
  if (terms.empty()) complain(1, "has no terms");
  for (const Term& term : terms) term.finish(findings);
  return findings;
}

}  // namespace dkv::structure
