#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/ports/disk.h"
#include "engine/storage/segment_scan.h"

namespace dkv {

// The index of one sealed segment in a file of its own. With it, a start reads the heads and no values.
//
//   snapshot  u64 magic, u32 format version, u32 segment, u32 its bytes, u32 checksum of all before; blocks
//   block     u32 checksum of the rest of the block, u32 bytes of the entries; entries
//   entry     u32 offset of the record in the segment, the record's head as it stands there
//
// The last block has no entries, only the number of all entries as u32.

// Collects a segment's heads into blocks.
class SnapshotBuilder {
 public:
  SnapshotBuilder(std::uint32_t segment, std::uint64_t segment_bytes);
  void add(std::uint32_t offset, std::string_view raw_head);
  void finish();
  // Takes the bytes out that can be written now.
  std::string take(bool all);

 private:
  void end_block();
  std::uint32_t entries_ = 0;
  std::size_t block_at_ = 0;
  std::string bytes_;
};

// Reads the entries of a snapshot from windows of its file, as SegmentScan does.
class SnapshotScan {
 public:
  SnapshotScan() = default;
  SnapshotScan(std::uint32_t segment, std::uint64_t segment_bytes, std::uint64_t end, std::uint32_t window_bytes);

  std::uint64_t offset() const noexcept { return offset_; }
  std::uint32_t want_bytes() const noexcept;
  bool done() const noexcept { return complete_ || broken_; }
  // True when every entry was read. Otherwise the segment itself must be read.
  bool complete() const noexcept { return complete_; }

  // Calls use(head, place) for each entry of the whole blocks in the window that was read at offset().
  template <typename Use>
  void feed(std::string_view window, Use&& use) {
    begin(window);
    record::Head head;
    RecordPlace place;
    while (next(window, head, place)) use(head, place);
    offset_ += at_;
    if (!done() && at_ == 0 && window.size() >= want_) broken_ = true;
  }

 private:
  void begin(std::string_view window);
  bool next(std::string_view window, record::Head& head, RecordPlace& place);
  bool enter_block(std::string_view window);

  std::uint32_t segment_ = 0;
  std::uint64_t segment_bytes_ = 0;
  std::uint64_t end_ = 0;
  std::uint32_t window_bytes_ = 0;
  std::uint32_t want_ = 0;
  std::uint64_t offset_ = 0;
  std::size_t at_ = 0;
  std::size_t block_end_ = 0;  // within the window; 0 between blocks
  std::uint32_t entries_ = 0;
  bool complete_ = false;
  bool broken_ = false;
};

// A snapshot of a sealed segment while it is being written.
struct SnapshotWriter {
  SegmentScan scan;
  SnapshotBuilder builder;
  DiskTicket read_ticket = 0;
  DiskTicket write_ticket = 0;
  bool created = false;
  bool finished = false;
};

}  // namespace dkv
