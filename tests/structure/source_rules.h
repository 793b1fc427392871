// The rules for the shape of sources, as functions of one file's name and text. They read the text, not the
// compiler's view. So they miss code behind a macro, or an alias from another header.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dkv::structure {

struct Finding {
  std::string file;  // relative to the repository root
  std::size_t line;  // from 1; 0 for the file as a whole
  std::string what;

  bool operator==(const Finding&) const = default;
};

// "file:line: what" for each finding, one a line.
std::string describe(const std::vector<Finding>& findings);

// The text with comments replaced by spaces, and with literals_too also string and character literals. Line numbers
// stay the same.
std::string blank_comments(std::string_view text, bool literals_too);

// A folder includes only itself and the folders that cmake/layers.txt puts below it. Own files are named from the
// repository root, files of others in angle brackets.
std::vector<Finding> check_layering(std::string_view file, std::string_view text);

// Headers of engine/ and sim/ must be cheap to include. Headers of engine/runtime may include Asio and spdlog.
std::vector<Finding> check_heavy_headers(std::string_view file, std::string_view text);

// Nothing in engine/ and sim/ may make two runs of one seed differ. engine/runtime is in the real world: it may use
// the time, entropy and threads.
std::vector<Finding> check_determinism(std::string_view file, std::string_view text);

// Only engine/storage may name a storage backend. All other code asks Storage.
std::vector<Finding> check_storage_seam(std::string_view file, std::string_view text);

constexpr std::size_t kMaxLines = 450;
std::vector<Finding> check_length(std::string_view file, std::string_view text);

// No file may name a folder of the machine on which it was written.
std::vector<Finding> check_machine_paths(std::string_view file, std::string_view text);

}  // namespace dkv::structure
