#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/storage/entry.h"
#include "engine/storage/record.h"

namespace dkv {

// Reads the records of a segment from windows of it, front to back. The owner reads want_bytes() at offset() and
// feeds them until done().
class SegmentScan {
 public:
  struct Found {
    record::Head head;
    RecordPlace place;
    std::string_view raw_head;
    std::string_view body;
    std::string_view window;  // all bytes that were read; they begin at window_offset of the segment
    std::uint32_t window_offset = 0;
  };

  SegmentScan() = default;
  // end: size of the file in bytes. window_bytes: the usual size of a read.
  SegmentScan(std::uint32_t segment, std::uint64_t end, std::uint32_t window_bytes)
      : segment_(segment), end_(end), window_bytes_(window_bytes), want_bytes_(window_bytes) {}

  std::uint32_t segment() const noexcept { return segment_; }
  std::uint64_t offset() const noexcept { return offset_; }
  std::uint32_t want_bytes() const noexcept;
  bool done() const noexcept { return offset_ >= end_; }

  // Calls use(found) for each whole record in the window that was read at offset(). A window that is shorter than
  // asked for moves the end to the real end of the file.
  template <typename Use>
  void feed(std::string_view window, Use&& use) {
    begin(window);
    Found found;
    while (next(window, found)) use(found);
    offset_ += at_;
  }

  // Reports that the window could not be read. It is tried again a few times; then one page of it is skipped as
  // damaged.
  void unreadable();

  // Stretches without a record; final once done(). Torn bytes are explained by a power loss, damaged ones are not.
  std::uint64_t damaged_places() const noexcept { return damaged_places_; }
  std::uint64_t damaged_bytes() const noexcept { return damaged_bytes_; }
  std::uint64_t torn_bytes() const noexcept { return suspect_bytes_ + garbage_bytes_; }
  // The place of the last record that was written when everything before it was durable.
  std::uint64_t synced_upto() const noexcept { return synced_upto_; }
  // Not empty when the segment's header is damaged or belongs to another segment.
  const std::string& header_error() const noexcept { return header_error_; }
  bool newer_format() const noexcept { return newer_format_; }

 private:
  void begin(std::string_view window);
  bool next(std::string_view window, Found& out);
  void skip_garbage(std::string_view window);

  std::uint32_t segment_ = 0;
  std::uint64_t end_ = 0;
  std::uint32_t window_bytes_ = 0;
  std::uint32_t want_bytes_ = 0;
  std::uint64_t offset_ = 0;          // of the next window
  std::uint64_t at_ = 0;              // within the window
  std::uint64_t garbage_bytes_ = 0;   // since the last record
  std::uint64_t suspect_places_ = 0;  // stretches since synced_upto_
  std::uint64_t suspect_bytes_ = 0;
  std::uint64_t synced_upto_ = 0;
  std::uint64_t damaged_places_ = 0;
  std::uint64_t damaged_bytes_ = 0;
  std::uint32_t failures_ = 0;
  bool newer_format_ = false;
  std::string header_error_;
};

}  // namespace dkv
