// The rules for documents, as functions of names and texts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/source_rules.h"

namespace dkv::structure {

// Each folder with sources of the product has a README.md, and so do the other folders that a newcomer opens. files:
// paths from the root.
std::vector<Finding> check_readmes(const std::vector<std::string>& files);

// Each relative link of a Markdown file leads to an existing file or folder. Links to other sites, links within the
// page, and code are not checked. exists: receives a path from the root, without "." and "..".
std::vector<Finding> check_links(std::string_view file, std::string_view text,
                                 const std::function<bool(const std::string&)>& exists);

// GLOSSARY.md has a title, a sentence about its form, and then for each term a line "## term" and one paragraph of
// plain text. Terms ascend, and none occurs twice.
std::vector<Finding> check_glossary(std::string_view file, std::string_view text);

}  // namespace dkv::structure
