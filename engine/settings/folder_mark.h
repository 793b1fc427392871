#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/settings/agreement.h"

namespace dkv {

// Whose a folder is. It is written when a node first starts on the folder, and never changes.
struct FolderMark {
  ActorId folder;  // random, made once: two folders never share it, unless one is a copy
  std::string cluster;
  std::string node;  // its name; its number stands in the layout
  Agreement layout;  // layout_agreement()
  friend bool operator==(const FolderMark&, const FolderMark&) = default;
};

// Text of a few lines, as the file beside the log holds it.
std::string encode_mark(const FolderMark& mark);
inline constexpr std::size_t kMarkBytesMax = 2u << 20;
Result<FolderMark> decode_mark(std::string_view text);

// Whether the folder that holds this mark may be served as the node that `asked` describes; `asked` has no folder id.
// The error says what the folder holds, what was asked, and what can be done.
Result<void> may_serve(const FolderMark& holds, const FolderMark& asked);

}  // namespace dkv
