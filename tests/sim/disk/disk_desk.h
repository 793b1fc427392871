// A folder whose operations finish at once unless a test says otherwise. It also counts the tickets.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sim/disk/disk_folder.h"

namespace dkv::sim {

inline FileName segment(std::uint64_t number) {
  return {FileKind::kSegment, number};
}
inline FileName snapshot(std::uint64_t number) {
  return {FileKind::kSnapshot, number};
}

inline Stream disk_draws(std::uint64_t seed, std::uint64_t index = 0) {
  return Stream(seed, Purpose::kDisk, index);
}

// Bytes that reveal their place: all groups of eight nearby bytes differ, and no byte is zero.
inline std::string telling_bytes(std::size_t size, std::uint64_t from = 0) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(1 + mix64((from + i) * 0x9e3779b97f4a7c15ULL) % 255);
  return bytes;
}

struct FolderDesk {
  DiskFolder folder;
  DiskTicket last_ticket = 0;

  template <typename What>
  DiskFolder::Begun begin(What what) {
    return folder.begin({++last_ticket, std::move(what)});
  }
  template <typename What>
  DiskDone run(What what) {
    return folder.finish(begin(std::move(what)).id);
  }

  DiskStatus create(FileName file, std::uint64_t reserve_bytes = 0) {
    return run(DiskCreate{file, reserve_bytes}).status;
  }
  DiskStatus append(FileName file, std::string_view bytes, bool sync = false) {
    return run(DiskAppend{file, Blob(bytes), sync}).status;
  }
  DiskStatus sync(FileName file) { return run(DiskSync{file}).status; }
  DiskStatus remove(FileName file) { return run(DiskRemove{file}).status; }
  DiskDone read(FileName file, std::uint64_t offset = 0, std::uint32_t bytes = 1 << 20) {
    return run(DiskRead{file, offset, bytes});
  }
  std::string content(FileName file) const {
    const auto bytes = folder.peek(file, 0, UINT64_MAX);
    return bytes ? std::string(bytes->view()) : "(missing)";
  }
  bool exists(FileName file) const { return folder.peek(file, 0, 0).has_value(); }
};

}  // namespace dkv::sim
