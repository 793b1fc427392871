#include "engine/storage/entry_table.h"

#include <utility>

#include "engine/core/assert.h"

namespace dkv {

CellTable::Cell EntryTable::cell_of(EntryPtr entry, std::uint64_t key_hash) {
  const auto address = reinterpret_cast<std::uintptr_t>(std::exchange(entry.block_, nullptr));
  DKV_ASSERT((address & ~kAddress) == 0);  // true for user memory on all supported machines
  return key_hash << kTagShift | address;
}

EntryPtr EntryTable::share(CellTable::Cell cell) noexcept {
  EntryPtr entry;
  entry.block_ = block_of(cell);
  entry.block_->references.fetch_add(1, std::memory_order_relaxed);
  return entry;
}

EntryTable::EntryTable(const EntryTable& other)
    : skip_bits_(other.skip_bits_), salt_(other.salt_), cells_(other.cells_) {
  cells_.each([](CellTable::Cell cell) { block_of(cell)->references.fetch_add(1, std::memory_order_relaxed); });
}

EntryTable::~EntryTable() {
  cells_.each([](CellTable::Cell cell) {
    EntryPtr last;
    last.block_ = block_of(cell);
  });
}

std::uint64_t EntryTable::spread_of(CellTable::Cell cell) const noexcept {
  return spread(hash64(EntryPtr::key_of(*block_of(cell))));
}

std::size_t EntryTable::place_of(const Key& key) const {
  const CellTable::Cell tag = key.hash() << kTagShift;
  return cells_.find(spread(key.hash()), [&](CellTable::Cell cell) {
    return (cell & ~kAddress) == tag && EntryPtr::key_of(*block_of(cell)) == key.encoded();
  });
}

void EntryTable::prefetch_entry(std::uint64_t key_hash) const noexcept {
  const CellTable::Cell tag = key_hash << kTagShift;
  cells_.find(spread(key_hash), [&](CellTable::Cell cell) {
    if ((cell & ~kAddress) != tag) return false;
    const char* block = reinterpret_cast<const char*>(block_of(cell));
    prefetch_line(block);
    prefetch_line(block + 64);  // most entries end within it
    return true;
  });
}

EntryPtr EntryTable::find(const Key& key) const {
  const std::size_t place = place_of(key);
  return place == CellTable::kNone ? EntryPtr() : share(cells_.at(place));
}

EntryPtr EntryTable::set(const Key& key, EntryPtr entry) {
  const std::size_t place = place_of(key);
  const CellTable::Cell cell = cell_of(std::move(entry), key.hash());
  EntryPtr before;
  if (place == CellTable::kNone) {
    cells_.insert(cell, [&](CellTable::Cell of) { return of == cell ? spread(key.hash()) : spread_of(of); });
  } else {
    before.block_ = block_of(cells_.at(place));
    cells_.replace(place, cell);
  }
  return before;
}

EntryPtr EntryTable::remove(const Key& key) {
  EntryPtr before;
  const std::size_t place = place_of(key);
  if (place == CellTable::kNone) return before;
  before.block_ = block_of(cells_.at(place));
  cells_.erase(place, [this](CellTable::Cell cell) { return spread_of(cell); });
  return before;
}

void EntryTable::reserve(std::size_t entries) {
  cells_.resize(entries, [this](CellTable::Cell cell) { return spread_of(cell); });
}

void EntryTable::fit() {
  // A table that grew by insertions is at least this full, so only a reserve() is undone.
  if (size() * 8 < cells_.bytes() / sizeof(CellTable::Cell) * 3) reserve(size());
}

}  // namespace dkv
