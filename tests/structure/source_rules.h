// The rules that hold for the shape of the sources, as functions of one file's name and text. They read text, not the
// compiler's view: what hides behind a macro or an alias from another header escapes them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dkv::structure {

struct Finding {
  std::string file;  // relative to the repository root
  std::size_t line;  // from 1; 0 when the file as a whole is meant
  std::string what;

  bool operator==(const Finding&) const = default;
};

// "file:line: what" for each, one a line.
std::string describe(const std::vector<Finding>& findings);

// The text with comments replaced by spaces; string and character literals as well when literals_too. Lines stay where
// they are.
std::string blank_comments(std::string_view text, bool literals_too);

// Folders include only what stands below them:
//   core <- protocol <- ports <- storage <- node;  core <- input;  {node, input} <- settings <- {runtime, sim};
//   viz -> sim;  cli -> runtime, sim
// and name own files from the repository root, files of others in angle brackets.
std::vector<Finding> check_layering(std::string_view file, std::string_view text);

// Headers of engine/ and sim/ stay cheap to include. engine/runtime may show Asio, Beast and spdlog in its own headers.
std::vector<Finding> check_heavy_headers(std::string_view file, std::string_view text);

// Nothing in engine/ and sim/ may make two runs of one seed differ. engine/runtime, where the world is real, may ask
// for the time, entropy and threads.
std::vector<Finding> check_determinism(std::string_view file, std::string_view text);

// Outside engine/storage nobody names a storage backend: what a caller needs is a question of Storage.
std::vector<Finding> check_storage_seam(std::string_view file, std::string_view text);

constexpr std::size_t kMaxLines = 450;
std::vector<Finding> check_length(std::string_view file, std::string_view text);

// No file names a folder of the machine that it was written on.
std::vector<Finding> check_machine_paths(std::string_view file, std::string_view text);

}  // namespace dkv::structure
