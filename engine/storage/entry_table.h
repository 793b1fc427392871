#pragma once

#include <cstdint>

#include "engine/core/key.h"
#include "engine/storage/cell_table.h"
#include "engine/storage/entry.h"

namespace dkv {

// The entries of one partition by key. Each cell takes 8 bytes: 48 bits of an address and 16 bits of the key's hash.
// So a look-up rarely reads a wrong entry. Cells are in the order of the hashes, so entries that are added in that
// order lie side by side. A copy shares the entries.
class EntryTable {
 public:
  // skip_bits: the number of upper hash bits that all keys of the partition share.
  EntryTable(unsigned skip_bits, std::uint64_t hash_salt) noexcept : skip_bits_(skip_bits), salt_(hash_salt) {}
  EntryTable(const EntryTable& other);
  EntryTable(EntryTable&& other) noexcept = default;
  EntryTable& operator=(const EntryTable&) = delete;
  EntryTable& operator=(EntryTable&&) = delete;
  ~EntryTable();

  std::size_t size() const noexcept { return cells_.size(); }
  std::size_t bytes() const noexcept { return cells_.bytes(); }

  void prefetch(std::uint64_t key_hash) const noexcept { cells_.prefetch(spread(key_hash)); }
  // Starts to fetch the memory that find() will read. prefetch() must have been called some time before.
  void prefetch_entry(std::uint64_t key_hash) const noexcept;
  // Empty when there is none.
  EntryPtr find(const Key& key) const;
  // Sets the entry of this key and returns the previous one.
  EntryPtr set(const Key& key, EntryPtr entry);
  EntryPtr remove(const Key& key);

  void reserve(std::size_t entries);
  // Frees the memory that a reserve() allocated beyond the need.
  void fit();

  // Calls use(entry) for each, in no order.
  template <typename Use>
  void each(Use&& use) const {
    cells_.each([&](CellTable::Cell cell) {
      const EntryPtr entry = share(cell);
      use(entry);
    });
  }

 private:
  static constexpr int kTagShift = 48;
  static constexpr CellTable::Cell kAddress = (CellTable::Cell{1} << kTagShift) - 1;

  static CellTable::Cell cell_of(EntryPtr entry, std::uint64_t key_hash);
  static EntryPtr::Block* block_of(CellTable::Cell cell) noexcept {
    return reinterpret_cast<EntryPtr::Block*>(cell & kAddress);
  }
  static EntryPtr share(CellTable::Cell cell) noexcept;
  std::uint64_t spread(std::uint64_t key_hash) const noexcept { return key_hash << skip_bits_ ^ salt_; }
  std::uint64_t spread_of(CellTable::Cell cell) const noexcept;
  std::size_t place_of(const Key& key) const;

  unsigned skip_bits_;
  std::uint64_t salt_;
  CellTable cells_;
};

}  // namespace dkv
