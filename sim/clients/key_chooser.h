#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/shared_array.h"
#include "sim/kernel/rng.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Chooses a key of 0..keys-1 for an operation. Copies share the table.
//
// Zipfian: rank k (from 1) has a share in proportion to k^-s, drawn by Walker's alias method. The ranks are scattered
// over the keys. Beyond the first 4,096, neighbouring ranks (a block is 1/64 of the rank wide) share the mean of
// their shares.
// Latest: the ranks count back from the key that was written last, over the last 1,024 different keys. Higher ranks,
// and all while there are fewer keys, are chosen as with zipfian.
class KeyChooser {
 public:
  // keys: 1..kKeysMax. zipf_thousandths: s * 1000, 0..10,000; ignored for the uniform choice.
  KeyChooser(KeyChoice choice, std::uint32_t keys, std::uint32_t zipf_thousandths);

  std::uint32_t pick(Stream& random) const;
  void note_written(std::uint32_t index);

 private:
  struct Column {
    std::uint32_t threshold = 0;  // of 2^32: below it the draw means the column's own cell, otherwise the alias
    std::uint32_t alias = 0;
  };
  void build(std::uint32_t zipf_thousandths);
  std::uint32_t pick_rank(Stream& random) const;

  KeyChoice choice_ = KeyChoice::kUniform;
  std::uint32_t keys_ = 1;
  std::uint32_t step_ = 1;             // coprime to keys_: rank * step mod keys scatters the ranks
  SharedArray<Column> columns_;        // one for each cell
  SharedArray<std::uint32_t> cells_;   // the first rank (from 0) of each cell, and keys_ at the end
  std::vector<std::uint32_t> recent_;  // the latest key last
};

}  // namespace dkv::sim
