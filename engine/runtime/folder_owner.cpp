#include "engine/runtime/folder_owner.h"

#include <string>

#include "engine/runtime/disk/durable_file.h"

namespace dkv {
namespace {

constexpr const char* kMarkName = "IDENTITY";

}  // namespace

Result<FolderMark> own_folder(const std::filesystem::path& folder, FolderMark asked, ActorId fresh) {
  const auto refuse = [&](const Error& why) { return fail("the folder " + folder.string() + ": " + why.what); };
  const auto text = read_small_file(folder / kMarkName, kMarkBytesMax);
  if (!text) return tl::unexpected(text.error());
  if (!*text) {
    asked.folder = fresh;
    if (const auto written = write_durably(folder, kMarkName, encode_mark(asked)); !written) {
      return tl::unexpected(written.error());
    }
    return asked;
  }
  auto holds = decode_mark(**text);
  if (!holds) return refuse(holds.error());
  if (const auto may = may_serve(*holds, asked); !may) return refuse(may.error());
  return std::move(*holds);
}

}  // namespace dkv
