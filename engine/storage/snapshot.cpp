#include "engine/storage/snapshot.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/protocol/wire_format.h"

namespace dkv {
namespace {

using wire::load;
using wire::store;

constexpr std::uint64_t kMagic = 0x31504e53'564b44'89ULL;
constexpr std::uint32_t kHeaderBytes = 24;
constexpr std::uint32_t kBlockHeadBytes = 8;
constexpr std::uint32_t kBlockBytes = 64u << 10;
// A block holds at least one entry, even if its head is large.
constexpr std::uint32_t kBlockBytesMax = kBlockBytes + record::kHeadBytesMax + 4;
constexpr std::uint32_t kLastBlockBytes = 4;

std::uint32_t checksum(std::string_view bytes) noexcept {
  return static_cast<std::uint32_t>(hash64(bytes));
}

void append_u32(std::string& to, std::uint32_t number) {
  char bytes[4];
  store(bytes, number);
  to.append(bytes, sizeof bytes);
}

std::string header(std::uint32_t segment, std::uint64_t segment_bytes, std::uint32_t version = record::kFormatVersion) {
  std::string bytes(kHeaderBytes, '\0');
  store(bytes.data(), kMagic);
  store(bytes.data() + 8, version);
  store(bytes.data() + 12, segment);
  store(bytes.data() + 16, static_cast<std::uint32_t>(segment_bytes));
  store(bytes.data() + 20, checksum({bytes.data(), 20}));
  return bytes;
}

// True for this format and for the earlier ones.
bool is_header(std::string_view bytes, std::uint32_t segment, std::uint64_t segment_bytes) {
  const auto version = load<std::uint32_t>(bytes.data() + 8);
  return version >= 1 && version <= record::kFormatVersion && bytes == header(segment, segment_bytes, version);
}

}  // namespace

SnapshotBuilder::SnapshotBuilder(std::uint32_t segment, std::uint64_t segment_bytes)
    : bytes_(header(segment, segment_bytes)) {
  block_at_ = bytes_.size();
  bytes_.append(kBlockHeadBytes, '\0');
}

void SnapshotBuilder::add(std::uint32_t offset, std::string_view raw_head) {
  DKV_ASSERT(raw_head.size() >= record::kHeadBytesMin && raw_head.size() <= record::kHeadBytesMax);
  if (bytes_.size() - block_at_ >= kBlockBytes) end_block();
  append_u32(bytes_, offset);
  bytes_.append(raw_head);
  ++entries_;
}

void SnapshotBuilder::end_block() {
  const std::size_t entries_at = block_at_ + kBlockHeadBytes;
  DKV_ASSERT(bytes_.size() > entries_at && bytes_.size() - entries_at <= kBlockBytesMax);
  store(bytes_.data() + block_at_ + 4, static_cast<std::uint32_t>(bytes_.size() - entries_at));
  store(bytes_.data() + block_at_, checksum(std::string_view(bytes_).substr(block_at_ + 4)));
  block_at_ = bytes_.size();
  bytes_.append(kBlockHeadBytes, '\0');
}

void SnapshotBuilder::finish() {
  if (bytes_.size() > block_at_ + kBlockHeadBytes) end_block();
  append_u32(bytes_, entries_);
  end_block();
  bytes_.resize(block_at_);
}

std::string SnapshotBuilder::take(bool all) {
  const std::size_t whole = all ? bytes_.size() : block_at_;
  DKV_ASSERT(whole <= bytes_.size() && (!all || block_at_ == whole));
  std::string taken = bytes_.substr(0, whole);
  bytes_.erase(0, whole);
  block_at_ -= whole;
  return taken;
}

SnapshotScan::SnapshotScan(std::uint32_t segment, std::uint64_t segment_bytes, std::uint64_t end,
                           std::uint32_t window_bytes)
    : segment_(segment),
      segment_bytes_(segment_bytes),
      end_(end),
      window_bytes_(std::max(window_bytes, kBlockBytesMax + kBlockHeadBytes)) {}

std::uint32_t SnapshotScan::want_bytes() const noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(window_bytes_, end_ - offset_));
}

void SnapshotScan::begin(std::string_view window) {
  at_ = 0;
  block_end_ = 0;
  DKV_ASSERT(!done() && offset_ <= end_);
  want_ = want_bytes();
  if (window.size() < want_) broken_ = true;
  if (offset_ > 0 || broken_) return;
  broken_ = window.size() < kHeaderBytes || !is_header(window.substr(0, kHeaderBytes), segment_, segment_bytes_);
  at_ = kHeaderBytes;
}

bool SnapshotScan::enter_block(std::string_view window) {
  if (window.size() - at_ < kBlockHeadBytes) {
    broken_ = broken_ || offset_ + window.size() >= end_;
    return false;
  }
  const std::uint32_t bytes = load<std::uint32_t>(window.data() + at_ + 4);
  if (bytes > kBlockBytesMax || (window.size() - at_ < kBlockHeadBytes + bytes && offset_ + window.size() >= end_)) {
    broken_ = true;
    return false;
  }
  if (window.size() - at_ < kBlockHeadBytes + bytes) return false;
  const std::string_view block = window.substr(at_ + 4, 4 + bytes);
  if (load<std::uint32_t>(window.data() + at_) != checksum(block)) {
    broken_ = true;
    return false;
  }
  at_ += kBlockHeadBytes;
  block_end_ = at_ + bytes;
  if (bytes != kLastBlockBytes) return true;
  complete_ = load<std::uint32_t>(window.data() + at_) == entries_ && offset_ + block_end_ == end_;
  broken_ = !complete_;
  return false;
}

bool SnapshotScan::next(std::string_view window, record::Head& head, RecordPlace& place) {
  if (done()) return false;
  if (at_ == block_end_ || block_end_ == 0) {
    if (!enter_block(window)) return false;
  }
  std::size_t needed = 0;
  DKV_ASSERT(at_ <= block_end_ && block_end_ <= window.size());
  const std::string_view rest = window.substr(at_, block_end_ - at_);
  if (rest.size() >= 4) {
    const std::uint32_t offset = load<std::uint32_t>(rest.data());
    if (record::parse_head(rest.substr(4), segment_, offset, head, needed) == record::Parsed::kOk &&
        std::uint64_t{offset} + head.bytes() <= segment_bytes_) {
      place = {segment_, offset, head.head_bytes};
      at_ += 4 + head.head_bytes;
      ++entries_;
      return true;
    }
  }
  broken_ = true;
  return false;
}

}  // namespace dkv
