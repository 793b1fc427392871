#include "cli/bench/scratch_folder.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace dkv::cli {

Result<ScratchFolder> ScratchFolder::make(const std::string& below) {
  const char* temporary = std::getenv("TMPDIR");
  const std::filesystem::path parent = !below.empty() ? below : temporary && *temporary ? temporary : ".";
  std::error_code error;
  std::string name = (std::filesystem::absolute(parent, error) / "distri-kv-bench-XXXXXX").string();
  if (error || !::mkdtemp(name.data())) {
    return fail(fmt::format("cannot make a folder in {}: {}", parent.string(), std::generic_category().message(errno)));
  }
  return ScratchFolder(name);
}

}  // namespace dkv::cli
