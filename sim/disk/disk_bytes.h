#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/assert.h"
#include "engine/core/blob.h"

namespace dkv::sim {

struct DiskRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t end() const noexcept { return offset + bytes; }
  friend bool operator==(const DiskRange&, const DiskRange&) = default;
};

// The contents of one simulated file, as shared immutable pieces: a copy shares the bytes. An append becomes a piece
// of its own. Old pieces are gathered into larger ones, so that a copy is cheap after hundreds of thousands of
// appends.
class DiskBytes {
 public:
  std::uint64_t size() const noexcept { return pieces_.empty() ? 0 : pieces_.back().end; }

  void append(Blob bytes) {
    if (bytes.empty()) return;
    const std::uint64_t end = size() + bytes.size();
    pieces_.push_back({end, std::move(bytes)});
    DKV_ASSERT(gathered_ < pieces_.size());
    if (end - gathered_end() >= kPieceBytes || pieces_.size() - gathered_ >= kLoosePieces) gather();
  }
  void append_zeros(std::uint64_t bytes);

  std::size_t pieces() const noexcept { return pieces_.size(); }

  // The bytes in [offset, offset + bytes), up to the end of the file.
  Blob read(std::uint64_t offset, std::uint64_t bytes) const;

  // The range must lie within the size.
  void overwrite(std::uint64_t offset, std::string_view bytes);
  // The ranges ascend, do not overlap, and lie within the size.
  void zero(std::span<const DiskRange> ranges);
  // size must be at most size().
  void truncate(std::uint64_t size);

  // The end of an append at or after the byte at offset; offset < size(). For old appends it may be the end of a
  // later one, because they have been gathered.
  std::uint64_t append_end_after(std::uint64_t offset) const { return pieces_[piece_at(offset)].end; }

 private:
  static constexpr std::uint64_t kPieceBytes = 64u << 10;
  static constexpr std::size_t kLoosePieces = 256;

  struct Piece {
    std::uint64_t end = 0;  // offset in the file
    Blob bytes;
    std::uint64_t begin() const noexcept { return end - bytes.size(); }
  };

  std::uint64_t gathered_end() const noexcept { return gathered_ == 0 ? 0 : pieces_[gathered_ - 1].end; }
  std::size_t piece_at(std::uint64_t offset) const;
  void gather();

  std::vector<Piece> pieces_;  // no piece is empty
  std::size_t gathered_ = 0;   // appends do not touch the pieces before this one any more
};

}  // namespace dkv::sim
