#include "sim/disk/disk_bytes.h"

#include <algorithm>
#include <cstring>

#include "engine/core/assert.h"

namespace dkv::sim {

void DiskBytes::gather() {
  // The last gathered piece is included while it is small. Otherwise tiny appends would leave many small pieces.
  std::size_t first = gathered_;
  if (first > 0 && pieces_.back().end - pieces_[first - 1].begin() <= kPieceBytes) --first;
  // A piece that is large by itself stays as it is.
  const bool large_last = pieces_.back().bytes.size() >= kPieceBytes;
  const std::size_t last = pieces_.size() - (large_last ? 1 : 0);
  if (last > first + 1) {
    const std::uint64_t begin = pieces_[first].begin();
    const std::uint64_t end = pieces_[last - 1].end;
    pieces_[first].bytes = Blob::make(end - begin, [&](char* out) {
      for (std::size_t i = first; i < last; ++i) {
        const std::string_view part = pieces_[i].bytes.view();
        std::memcpy(out, part.data(), part.size());
        out += part.size();
      }
    });
    pieces_[first].end = end;
    pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(first) + 1,
                  pieces_.begin() + static_cast<std::ptrdiff_t>(last));
  }
  gathered_ = pieces_.size();
}

void DiskBytes::append_zeros(std::uint64_t bytes) {
  if (bytes == 0) return;
  // All zeros share one piece, because space that was set aside may be large.
  const Blob zeros =
      Blob::make(std::min(bytes, kPieceBytes), [&](char* out) { std::memset(out, 0, std::min(bytes, kPieceBytes)); });
  for (; bytes >= zeros.size(); bytes -= zeros.size()) append(zeros);
  append(Blob(zeros.view().substr(0, bytes)));
}

std::size_t DiskBytes::piece_at(std::uint64_t offset) const {
  DKV_ASSERT(offset < size());
  const auto found = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                      [](std::uint64_t at, const Piece& piece) { return at < piece.end; });
  return static_cast<std::size_t>(found - pieces_.begin());
}

Blob DiskBytes::read(std::uint64_t offset, std::uint64_t bytes) const {
  if (offset >= size() || bytes == 0) return {};
  bytes = std::min(bytes, size() - offset);
  std::size_t index = piece_at(offset);
  if (pieces_[index].begin() == offset && pieces_[index].bytes.size() == bytes) return pieces_[index].bytes;
  return Blob::make(bytes, [&](char* out) {
    for (std::uint64_t left = bytes; left > 0; ++index) {
      const std::string_view part = pieces_[index].bytes.view().substr(offset - pieces_[index].begin(), left);
      std::memcpy(out, part.data(), part.size());
      out += part.size();
      offset += part.size();
      left -= part.size();
    }
  });
}

void DiskBytes::overwrite(std::uint64_t offset, std::string_view bytes) {
  DKV_ASSERT(offset <= size() && bytes.size() <= size() - offset);
  while (!bytes.empty()) {
    Piece& piece = pieces_[piece_at(offset)];
    const std::string_view old = piece.bytes.view();
    const std::uint64_t skipped = offset - piece.begin();
    const std::string_view part = bytes.substr(0, old.size() - skipped);
    piece.bytes = Blob::make(old.size(), [&](char* out) {
      std::memcpy(out, old.data(), old.size());
      std::memcpy(out + skipped, part.data(), part.size());
    });
    offset += part.size();
    bytes.remove_prefix(part.size());
  }
}

void DiskBytes::zero(std::span<const DiskRange> ranges) {
  // Works piece by piece, so that each is copied only once, even if several ranges touch it.
  while (!ranges.empty() && ranges.front().bytes == 0) ranges = ranges.subspan(1);
  if (ranges.empty()) return;
  for (std::size_t index = piece_at(ranges.front().offset); index < pieces_.size() && !ranges.empty(); ++index) {
    Piece& piece = pieces_[index];
    const std::uint64_t begin = piece.begin();
    if (ranges.front().offset >= piece.end) continue;
    const std::string_view old = piece.bytes.view();
    piece.bytes = Blob::make(old.size(), [&](char* out) {
      std::memcpy(out, old.data(), old.size());
      while (!ranges.empty() && ranges.front().offset < piece.end) {
        const std::uint64_t from = std::max(ranges.front().offset, begin);
        const std::uint64_t to = std::min(ranges.front().end(), piece.end);
        if (to > from) std::memset(out + (from - begin), 0, to - from);
        if (ranges.front().end() > piece.end) break;  // the range continues in the next piece
        ranges = ranges.subspan(1);
      }
    });
  }
  DKV_ASSERT(ranges.empty());
}

void DiskBytes::truncate(std::uint64_t size_bytes) {
  DKV_ASSERT(size_bytes <= size());
  if (size_bytes == size()) return;
  const std::size_t index = piece_at(size_bytes);
  const std::uint64_t kept = size_bytes - pieces_[index].begin();
  if (kept > 0) pieces_[index] = {size_bytes, Blob(pieces_[index].bytes.view().substr(0, kept))};
  pieces_.resize(index + (kept > 0 ? 1 : 0));
  gathered_ = std::min(gathered_, pieces_.size());
}

}  // namespace dkv::sim
