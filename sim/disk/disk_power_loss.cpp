#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.h"
#include "sim/disk/disk_folder.h"

namespace dkv::sim {
namespace {

// Each sector of the range is lost with a probability of lost_of_16 / 16. Lost sectors are added to zeros, ascending.
void lose_sectors(DiskRange range, std::uint64_t lost_of_16, std::vector<DiskRange>& zeros, Stream& random) {
  for (std::uint64_t from = range.offset; from < range.end();) {
    const std::uint64_t to = std::min(range.end(), from / kSectorBytes * kSectorBytes + kSectorBytes);
    if (random.below(16) < lost_of_16) {
      if (!zeros.empty() && zeros.back().end() == from) {
        zeros.back().bytes += to - from;
      } else {
        zeros.push_back({from, to - from});
      }
    }
    from = to;
  }
}

enum class Tail : std::uint8_t { kNothing, kAppends, kTorn, kZeros, kHoles, kEverything };

// All kinds are common, so that a few hundred runs meet each.
Tail draw_tail(Stream& random) {
  using enum Tail;
  constexpr std::array kWeighted{kNothing, kNothing, kNothing, kNothing, kAppends,    kAppends,    kAppends, kTorn,
                                 kTorn,    kTorn,    kZeros,   kZeros,   kEverything, kEverything, kHoles,   kHoles};
  return kWeighted[random.below(kWeighted.size())];
}

// Decides the fate of the file's end, from range.offset on. Adds lost sectors to zeros and returns the size that
// remains.
std::uint64_t draw_end(const DiskBytes& bytes, DiskRange range, std::vector<DiskRange>& zeros, Stream& random) {
  constexpr std::array<std::uint64_t, 3> kHoleRates{2, 8, 14};
  const Tail tail = draw_tail(random);
  if (tail == Tail::kNothing) return range.offset;
  if (tail == Tail::kEverything) return range.end();
  if (tail == Tail::kHoles) {
    const std::uint64_t rate = kHoleRates[random.below(kHoleRates.size())];
    lose_sectors(range, rate, zeros, random);
    return range.end();
  }
  const std::uint64_t at = range.offset + random.below(range.bytes);
  if (tail == Tail::kAppends) return bytes.append_end_after(at);
  if (tail == Tail::kTorn) return at + 1;
  DKV_ASSERT(tail == Tail::kZeros);
  const std::uint64_t from = std::max(range.offset, at / kSectorBytes * kSectorBytes);
  zeros.push_back({from, range.end() - from});
  return range.end();
}

}  // namespace

void DiskFolder::power_loss(Stream random) {
  drop_operations();
  const std::uint64_t used_before = used_space_bytes();
  draw_entries(random);
  for (File& file : files_) draw_contents(file, random);
  const std::uint64_t used_after = used_space_bytes();
  DKV_ASSERT(used_after <= used_before);
  give_space(used_before - used_after);
}

void DiskFolder::draw_entries(Stream& random) {
  std::erase_if(files_, [&](const File& file) { return !file.entry_durable && random.below(2) == 0; });
  // Newest first: of several files of one name, at most one can come back.
  for (; !removed_.empty(); removed_.pop_back()) {
    File& file = removed_.back();
    if (file.removal_durable || random.below(2) == 0) continue;
    if (!file.entry_durable && random.below(2) == 0) continue;
    const std::size_t at = position(file.name);
    if (at < files_.size() && files_[at].name == file.name) continue;
    files_.insert(files_.begin() + static_cast<std::ptrdiff_t>(at), std::move(file));
  }
}

void DiskFolder::draw_contents(File& file, Stream& random) {
  constexpr std::array<std::uint64_t, 5> kLossRates{0, 2, 8, 14, 16};
  const std::uint64_t size = file.bytes.size();
  const std::uint64_t tail = file.tail_begin();
  std::vector<DiskRange> zeros;
  for (const DiskRange& range : file.lost) {
    if (range.offset >= tail) break;
    const std::uint64_t rate = kLossRates[random.below(kLossRates.size())];
    lose_sectors(range, rate, zeros, random);
  }
  const std::uint64_t kept = tail < size ? draw_end(file.bytes, {tail, size - tail}, zeros, random) : size;
  file.bytes.zero(zeros);
  file.bytes.truncate(kept);
  // Some file systems set space aside by making the file longer. It shows when the writer could not cut it off.
  if (file.reserved_bytes > kept && random.below(4) == 0) file.bytes.append_zeros(file.reserved_bytes - kept);
  file.settled_bytes = file.bytes.size();
  file.lost.clear();
  file.entry_durable = true;
  file.removed_by = 0;
}

// The state after a power loss that keeps none of the bytes that it may take.
DiskFolder DiskFolder::backup() const {
  DiskFolder copy;
  copy.damages_ = damages_;
  const auto keep = [&](const File& file) {
    const std::size_t at = copy.position(file.name);
    if (!file.entry_durable || (at < copy.files_.size() && copy.files_[at].name == file.name)) return;
    File kept{.name = file.name, .bytes = file.bytes, .entry_durable = true};
    kept.settled_bytes = file.tail_begin();
    kept.bytes.truncate(kept.settled_bytes);
    std::vector<DiskRange> zeros;
    for (const DiskRange& range : file.lost) {
      if (range.offset < kept.settled_bytes) zeros.push_back(range);
    }
    kept.bytes.zero(zeros);
    copy.files_.insert(copy.files_.begin() + static_cast<std::ptrdiff_t>(at), std::move(kept));
  };
  for (const File& file : files_) keep(file);
  for (auto file = removed_.rbegin(); file != removed_.rend(); ++file) {
    if (!file->removal_durable) keep(*file);
  }
  return copy;
}

void DiskFolder::restore(const DiskFolder& backup) {
  wipe();
  files_ = backup.files_;
  for (const DiskDamage& damage : backup.damages_) {
    if (std::ranges::find(damages_, damage) == damages_.end()) damages_.push_back(damage);
  }
  for (File& file : files_) file.created_by = first_id_++;
  if (free_bytes_) *free_bytes_ -= std::min(*free_bytes_, used_space_bytes());
}

}  // namespace dkv::sim
