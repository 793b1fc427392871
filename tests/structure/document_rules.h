// The rules that hold for the documents, as functions of names and texts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/source_rules.h"

namespace dkv::structure {

// Each folder with sources of the product has a README.md, and so do the other folders that a newcomer opens.
// files: paths from the root.
std::vector<Finding> check_readmes(const std::vector<std::string>& files);

// Each relative link of a Markdown file leads to a file or folder that exists. Links to other sites and within the page
// are not looked at, and neither is code. exists: is told a path from the root, without "." and "..".
std::vector<Finding> check_links(std::string_view file, std::string_view text,
                                 const std::function<bool(const std::string&)>& exists);

// GLOSSARY.md: a title, a sentence about the form, and then for each term a line "## term" and one paragraph of plain
// text. Terms ascend, and none stands twice.
std::vector<Finding> check_glossary(std::string_view file, std::string_view text);

}  // namespace dkv::structure
