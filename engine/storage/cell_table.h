#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/storage/prefetch.h"

namespace dkv {

// A hash table of 64-bit cells, where 0 is a free one: open addressing with linear probing, without marks for erased
// cells. Most look-ups take one memory access, and its place is known before (prefetch). The owner knows the meaning of
// a cell, and says with each call where it should stand: spread(cell) is a well-mixed number of 64 bits whose
// upper ones choose the place. Copyable; its content is a function of the calls.
class CellTable {
 public:
  using Cell = std::uint64_t;
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return cells_.size() * sizeof(Cell); }
  Cell at(std::size_t place) const noexcept { return cells_[place]; }

  void prefetch(std::uint64_t spread) const noexcept {
    if (!cells_.empty()) prefetch_line(&cells_[home(spread)]);
  }
  // The place of a cell that matches, or kNone.
  template <typename Match>
  std::size_t find(std::uint64_t spread, Match&& match) const {
    if (cells_.empty()) return kNone;
    for (std::size_t place = home(spread); cells_[place] != 0; place = next(place)) {
      if (match(cells_[place])) return place;
    }
    return kNone;
  }
  // The cell at a place becomes another one that wants to stand where it stood.
  void replace(std::size_t place, Cell cell) noexcept { cells_[place] = cell; }
  template <typename Spread>
  void insert(Cell cell, Spread&& spread) {
    if ((size_ + 1) * 4 > cells_.size() * 3) resize(size_ + 1, spread);
    put(cell, spread(cell));
    ++size_;
  }
  // Cells behind the place that should stand further ahead move up.
  template <typename Spread>
  void erase(std::size_t place, Spread&& spread) {
    --size_;
    std::size_t gap = place;
    for (std::size_t at = next(gap); cells_[at] != 0; at = next(at)) {
      const std::size_t wanted = home(spread(cells_[at]));
      if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
      cells_[gap] = cells_[at];
      gap = at;
    }
    cells_[gap] = 0;
  }
  // Makes room for `wanted` cells, and not for many more.
  template <typename Spread>
  void resize(std::size_t wanted, Spread&& spread) {
    if (wanted < size_) wanted = size_;
    const std::size_t places = wanted == 0 ? 0 : std::bit_ceil(wanted * 4 / 3 + 2);
    if (places == cells_.size()) return;
    std::vector<Cell> old(places);
    old.swap(cells_);
    shift_ = 64 - std::countr_zero(places | std::size_t{1} << 62);
    for (const Cell cell : old) {
      if (cell != 0) put(cell, spread(cell));
    }
  }
  template <typename Use>
  void each(Use&& use) const {
    for (const Cell cell : cells_) {
      if (cell != 0) use(cell);
    }
  }

 private:
  std::size_t mask() const noexcept { return cells_.size() - 1; }
  std::size_t next(std::size_t place) const noexcept { return (place + 1) & mask(); }
  std::size_t home(std::uint64_t spread) const noexcept { return static_cast<std::size_t>(spread >> shift_); }
  void put(Cell cell, std::uint64_t spread) {
    std::size_t place = home(spread);
    while (cells_[place] != 0) place = next(place);
    cells_[place] = cell;
  }

  std::vector<Cell> cells_;  // a power of two of at least two, or none yet
  std::size_t size_ = 0;
  int shift_ = 2;
};

}  // namespace dkv
