#pragma once

#include <compare>
#include <cstdint>
#include <variant>
#include <vector>

#include "engine/core/blob.h"

namespace dkv {

// The requests of a store to a disk. The contract between a store and its host (simulated or real files):
//
// 1. A disk is a folder of append-only files, each named by its kind and number. Nothing is ever overwritten in
//    place.
// 2. Each request is answered by one DiskDone with its ticket. Completions of different requests come in any order.
// 3. Requests about one file are carried out in the order in which they were made. A read sees all bytes whose append
//    was requested before it, durable or not.
// 4. A create or remove that was answered with kOk is durable. Appended bytes are durable once an append with `sync`,
//    or a sync, that was requested after or with them has been answered with kOk. Until then a power loss may keep
//    any part of them, in any order, and tear any of them.
// 5. After a failed append or sync, the state of all bytes since the last success is unknown. A later success proves
//    nothing about them, because the kernel may have marked them clean. The file must not be trusted any further.
// 6. A full disk answers kFull, and the file is as it was before.
// 7. Bytes that are read may be damaged. The reader checks them.

enum class FileKind : std::uint8_t {
  kSegment,   // records
  kSnapshot,  // the index of the segment with the same number
};

struct FileName {
  FileKind kind = FileKind::kSegment;
  std::uint64_t number = 0;  // from 1; never used twice for a kind while the folder exists
  friend auto operator<=>(const FileName&, const FileName&) = default;
};

// Rises by one with each request over the life of a store.
using DiskTicket = std::uint64_t;

inline constexpr std::uint32_t kDiskReadBytesMax = 128u << 20;

// Creates an empty file and sets space for reserve_bytes aside, so that appends up to that size find room. kFailed
// when the file exists.
struct DiskCreate {
  FileName file;
  std::uint64_t reserve_bytes = 0;
};
// Appends after the bytes that were appended so far. Space that was set aside does not count.
struct DiskAppend {
  FileName file;
  Blob bytes;
  bool sync = false;       // answer only when these bytes, and all appended before them, are durable
  std::uint64_t upto = 0;  // the highest AppendId in the bytes, for observers; 0: none
};
struct DiskSync {
  FileName file;
};
// The answer has fewer bytes when the file ends earlier. kMissing when the file does not exist, kFailed after an
// error.
struct DiskRead {
  FileName file;
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;  // at most kDiskReadBytesMax
};
// Removing a file that does not exist is answered with kOk.
struct DiskRemove {
  FileName file;
};
// Answered with all files, ascending by name. Files with foreign names are ignored.
struct DiskList {};

struct DiskRequest {
  DiskTicket ticket = 0;
  std::variant<DiskCreate, DiskAppend, DiskSync, DiskRead, DiskRemove, DiskList> what;
};

enum class DiskStatus : std::uint8_t { kOk, kFull, kFailed, kMissing };
const char* disk_status_name(DiskStatus status) noexcept;

struct DiskDone {
  struct File {
    FileName name;
    // An upper bound of the appended bytes. After an unclean end of the writer it may include space that was set
    // aside and reads as zeros.
    std::uint64_t bytes = 0;
  };
  DiskTicket ticket = 0;
  DiskStatus status = DiskStatus::kOk;
  Blob bytes;               // of a read
  std::vector<File> files;  // of a list
};

}  // namespace dkv
