#include "sim/clients/key_chooser.h"

#include <algorithm>
#include <numeric>

#include "engine/core/assert.h"
#include "sim/kernel/deterministic_math.h"

namespace dkv::sim {
namespace {

constexpr std::uint32_t kSingleRanks = 4096;
constexpr std::uint32_t kBlocksEach = 64;  // a block is 1/64 of its first rank wide
constexpr std::size_t kRecentMax = 1024;

std::uint32_t scatter_step(std::uint32_t keys) {
  // A step near the golden section lets neighbouring ranks land far apart.
  std::uint32_t step = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::uint64_t{keys} * 618 / 1000));
  while (std::gcd(step, keys) != 1) ++step;
  return step;
}

}  // namespace

KeyChooser::KeyChooser(KeyChoice choice, std::uint32_t keys, std::uint32_t zipf_thousandths)
    : choice_(choice), keys_(keys), step_(scatter_step(keys)) {
  DKV_ASSERT(keys >= 1 && keys <= kKeysMax && zipf_thousandths <= 10'000);
  if (choice != KeyChoice::kUniform) build(zipf_thousandths);
}

void KeyChooser::build(std::uint32_t zipf_thousandths) {
  std::vector<std::uint32_t> cells;
  for (std::uint32_t rank = 0; rank < keys_; rank += rank < kSingleRanks ? 1 : rank / kBlocksEach)
    cells.push_back(rank);
  const std::size_t count = cells.size();
  cells.push_back(keys_);
  cells_ = SharedArray<std::uint32_t>::copy_of(cells);

  const double s = static_cast<double>(zipf_thousandths) / 1000;
  std::vector<double> shares(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto width = static_cast<double>(cells[i + 1] - cells[i]);
    const double middle = static_cast<double>(cells[i]) + (width + 1) / 2;  // ranks begin at 1
    shares[i] = width * exp_of(-s * log_of(middle));
    sum += shares[i];
  }
  // Only integers from here on. Each column holds `total`; the mass of a cell is its weight times the number of
  // columns.
  std::vector<std::uint64_t> mass(count);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mass[i] = static_cast<std::uint64_t>(shares[i] / sum * static_cast<double>(std::uint64_t{1} << 44));
    total += mass[i];
  }
  std::vector<std::uint32_t> small, large;
  for (std::size_t i = 0; i < count; ++i) {
    mass[i] *= count;
    (mass[i] < total ? small : large).push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<Column> columns(count);
  for (std::size_t i = 0; i < count; ++i) columns[i] = {UINT32_MAX, static_cast<std::uint32_t>(i)};
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back();
    const std::uint32_t rich = large.back();
    small.pop_back();
    const double part = static_cast<double>(mass[poor]) / static_cast<double>(total);
    columns[poor] = {static_cast<std::uint32_t>(part * 4294967296.0), rich};
    mass[rich] -= total - mass[poor];
    if (mass[rich] < total) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  columns_ = SharedArray<Column>::copy_of(columns);
}

std::uint32_t KeyChooser::pick_rank(Stream& random) const {
  __extension__ using Wide = unsigned __int128;
  const auto scaled = static_cast<Wide>(random.next()) * columns_.size();
  const auto column = static_cast<std::uint32_t>(scaled >> 64);
  const auto part = static_cast<std::uint32_t>(static_cast<std::uint64_t>(scaled) >> 32);
  const std::uint32_t cell = part < columns_[column].threshold ? column : columns_[column].alias;
  const std::uint32_t first = cells_[cell];
  const std::uint32_t width = cells_[cell + 1] - first;
  return width == 1 ? first : first + static_cast<std::uint32_t>(random.below(width));
}

std::uint32_t KeyChooser::pick(Stream& random) const {
  if (choice_ == KeyChoice::kUniform) return static_cast<std::uint32_t>(random.below(keys_));
  const std::uint32_t rank = pick_rank(random);
  if (choice_ == KeyChoice::kLatest && rank < recent_.size()) return recent_[recent_.size() - 1 - rank];
  return static_cast<std::uint32_t>(std::uint64_t{rank} * step_ % keys_);
}

void KeyChooser::note_written(std::uint32_t index) {
  DKV_ASSERT(index < keys_);
  if (choice_ != KeyChoice::kLatest) return;
  const auto found = std::find(recent_.rbegin(), recent_.rend(), index);
  if (found != recent_.rend()) {
    std::rotate(found.base() - 1, found.base(), recent_.end());
    return;
  }
  if (recent_.size() == kRecentMax) recent_.erase(recent_.begin());
  recent_.push_back(index);
}

}  // namespace dkv::sim
