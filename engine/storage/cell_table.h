#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/storage/prefetch.h"

namespace dkv {

// A hash table of 64-bit cells, in which 0 marks a free cell: open addressing with linear probing, without marks for
// erased cells. Most look-ups take one memory access, and prefetch() can start it early. The owner knows the meaning
// of a cell and passes its hash with each call: spread(cell) is a well-mixed 64-bit number whose upper bits choose
// the place. Copyable; the content is a function of the calls.
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
  // The place of the first cell that matches, or kNone.
  template <typename Match>
  std::size_t find(std::uint64_t spread, Match&& match) const {
    if (cells_.empty()) return kNone;
    for (std::size_t place = home(spread); cells_[place] != 0; place = next(place)) {
      if (match(cells_[place])) return place;
    }
    return kNone;
  }
  // Replaces the cell at a place by one with the same hash bits for placement.
  void replace(std::size_t place, Cell cell) noexcept { cells_[place] = cell; }
  template <typename Spread>
  void insert(Cell cell, Spread&& spread) {
    if ((size_ + 1) * 4 > cells_.size() * 3) resize(size_ + 1, spread);
    put(cell, spread(cell));
    ++size_;
  }
  // Cells behind the erased one move forward when that brings them closer to their own place.
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
  // Makes room for `wanted` cells, with little to spare.
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

  std::vector<Cell> cells_;  // the size is a power of two, at least two; or 0 at first
  std::size_t size_ = 0;
  int shift_ = 2;
};

}  // namespace dkv
