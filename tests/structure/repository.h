// The files of the repository itself, for the rules that check it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dkv::structure {

// The whole file, byte for byte. Fails the test when the file cannot be read.
std::string read(const std::filesystem::path& path);

// The files of the project as paths from the root: the files that git tracks or, in an unpacked archive, all files
// except the build. Files that were deleted in the working tree are left out.
const std::vector<std::string>& project_files();

}  // namespace dkv::structure
