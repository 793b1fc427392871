// The files of the repository itself, for the rules that walk it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dkv::structure {

// The whole file, byte for byte. Fails the test when the file cannot be read.
std::string read(const std::filesystem::path& path);

// The paths, from the root, of the files that belong to the project: the files that git tracks, and in an unpacked
// archive everything but the build. Files that were deleted in the working tree are left out.
const std::vector<std::string>& project_files();

}  // namespace dkv::structure
