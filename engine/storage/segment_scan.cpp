#include "engine/storage/segment_scan.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/ports/disk.h"
#include "engine/storage/store_options.h"

namespace dkv {

std::uint32_t SegmentScan::want_bytes() const noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>({want_bytes_, end_ - offset_, kDiskReadBytesMax}));
}

void SegmentScan::begin(std::string_view window) {
  DKV_ASSERT(offset_ <= end_);
  at_ = 0;
  failures_ = 0;
  if (window.size() < want_bytes()) end_ = offset_ + window.size();
  want_bytes_ = window_bytes_;
  if (offset_ > 0 || window.empty()) return;
  if (auto checked = record::check_segment_header(window, segment_); !checked) {
    header_error_ = checked.error().what;
    newer_format_ = record::is_newer_format(window);
    return skip_garbage(window);
  }
  at_ = record::kSegmentHeaderBytes;
}

// Skips to the next place where a record may begin. The skipped bytes count as damaged once a record follows that was
// written behind a sync.
void SegmentScan::skip_garbage(std::string_view window) {
  const std::size_t found = record::find_head(window, at_ + 1);
  std::uint64_t next = found;
  if (found == std::string_view::npos) {
    const bool last = offset_ + window.size() >= end_;
    // The window may end within the magic number of a head.
    next = last || window.size() - at_ <= 4 ? window.size() : std::max<std::uint64_t>(at_ + 1, window.size() - 3);
  }
  DKV_ASSERT(next > at_ && next <= window.size());  // it always advances
  garbage_bytes_ += next - at_;
  at_ = next;
}

bool SegmentScan::next(std::string_view window, Found& out) {
  const bool last = offset_ + window.size() >= end_;
  while (at_ < window.size()) {
    const std::string_view rest = window.substr(at_);
    std::size_t needed = 0;
    const auto offset = static_cast<std::uint32_t>(offset_ + at_);
    record::Parsed parsed = record::parse_head(rest, segment_, offset, out.head, needed);
    if (parsed == record::Parsed::kOk && out.head.bytes() > rest.size()) {
      parsed = record::Parsed::kShort;
      needed = out.head.bytes();
    }
    if (parsed == record::Parsed::kShort && !last && needed <= end_ - offset_ - at_) {
      want_bytes_ = std::max<std::uint32_t>(window_bytes_, static_cast<std::uint32_t>(needed));
      return false;
    }
    if (parsed != record::Parsed::kOk) {
      skip_garbage(window);
      continue;
    }
    if (garbage_bytes_ > 0) {
      ++suspect_places_;
      suspect_bytes_ += std::exchange(garbage_bytes_, 0);
    }
    if (out.head.marks.behind_sync) {
      synced_upto_ = offset;
      damaged_places_ += std::exchange(suspect_places_, 0);
      damaged_bytes_ += std::exchange(suspect_bytes_, 0);
    }
    out.place = {segment_, offset, out.head.head_bytes};
    out.window = window;
    out.window_offset = static_cast<std::uint32_t>(offset_);
    out.raw_head = rest.substr(0, out.head.head_bytes);
    out.body = rest.substr(out.head.head_bytes, out.head.body_bytes);
    at_ += out.head.bytes();
    DKV_ASSERT(at_ <= window.size());
    return true;
  }
  return false;
}

void SegmentScan::unreadable() {
  constexpr std::uint64_t kPageBytes = 4096;
  DKV_ASSERT(!done());
  if (++failures_ < kReadTries) return;
  failures_ = 0;
  const std::uint64_t bytes = std::min(kPageBytes - offset_ % kPageBytes, end_ - offset_);
  if (offset_ == 0) header_error_ = "the header can't be read";
  garbage_bytes_ += bytes;
  offset_ += bytes;
  want_bytes_ = window_bytes_;
}

}  // namespace dkv
