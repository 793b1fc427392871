#pragma once

#include <compare>
#include <cstdint>
#include <variant>
#include <vector>

#include "engine/core/blob.h"

namespace dkv {

// What a store asks of a disk. The contract between a store and its host (simulated or real files):
//
// 1. A folder of append-only files, each named by its kind and number. Nothing is ever overwritten in place.
// 2. Each request is answered by one DiskDone with its ticket; completions of different requests come in any order.
// 3. What concerns one file is carried out in the order in which it was asked; a read sees all bytes that were appended
//    before it was asked, durable or not.
// 4. A create or remove that was answered with kOk is durable. Appended bytes are durable once an append with
//    `sync`, or a sync, that was asked after or with them was answered with kOk; until then a power loss may keep any
//    part of them, in any order, and tear any of them.
// 5. After a failed append or sync nothing is known about the bytes since the last one that succeeded; a later success
//    proves nothing about them (the kernel may have marked them clean). The file is not to be trusted further.
// 6. A full disk answers kFull, and the file is as it was before.
// 7. Read bytes may be damaged: the reader checks them.

enum class FileKind : std::uint8_t {
  kSegment,   // records
  kSnapshot,  // the index of the segment with the same number
};

struct FileName {
  FileKind kind = FileKind::kSegment;
  std::uint64_t number = 0;  // from 1, never used twice for a kind while the folder exists
  friend auto operator<=>(const FileName&, const FileName&) = default;
};

// Ascends by one over the life of a store.
using DiskTicket = std::uint64_t;

inline constexpr std::uint32_t kDiskReadBytesMax = 128u << 20;

// Makes a new, empty file with space for reserve_bytes set aside, so that appends up to there find room. kFailed when
// it exists already.
struct DiskCreate {
  FileName file;
  std::uint64_t reserve_bytes = 0;
};
// At the end of the bytes appended so far; space that was set aside does not count.
struct DiskAppend {
  FileName file;
  Blob bytes;
  bool sync = false;       // answered when durable, with all that was appended before
  std::uint64_t upto = 0;  // the highest AppendId in it, for observers; 0: none
};
struct DiskSync {
  FileName file;
};
// Answered with fewer bytes than asked for when the file ends before. kMissing without the file, kFailed for an error.
struct DiskRead {
  FileName file;
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;  // at most kDiskReadBytesMax
};
// Removing what is not there is kOk.
struct DiskRemove {
  FileName file;
};
// Answered with all files, ascending by name. Files with other names are left out and left alone.
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
    // Up to the last byte that may have been appended. Of a file whose writer ended uncleanly it may count space that
    // was set aside and reads as zeros.
    std::uint64_t bytes = 0;
  };
  DiskTicket ticket = 0;
  DiskStatus status = DiskStatus::kOk;
  Blob bytes;               // of a read
  std::vector<File> files;  // of a list
};

}  // namespace dkv
