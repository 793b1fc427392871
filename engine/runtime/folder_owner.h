#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/settings/folder_mark.h"

namespace dkv {

// Opens the folder for the node that `asked` describes, or refuses: see may_serve(). A folder without a mark, which is
// empty or of an earlier release, gets one, with a new folder id; it is durable before this returns. The mark is the
// file IDENTITY. The folder exists and is locked by this process. The error names the folder.
Result<FolderMark> own_folder(const std::filesystem::path& folder, FolderMark asked, ActorId fresh);

}  // namespace dkv
