#include <array>
#include <string>
#include <utility>

#include "engine/core/assert.h"
#include "sim/disk/disk_folder.h"

namespace dkv::sim {
namespace {

constexpr std::uint64_t kRotBytesMax = 64;
constexpr std::uint64_t kRotBitsMax = 8;

void nest(std::uint32_t& depth, bool on) {
  DKV_ASSERT(on || depth > 0);
  depth = on ? depth + 1 : depth - 1;
}

std::uint64_t sectors_of(std::uint64_t bytes) {
  return (bytes + kSectorBytes - 1) / kSectorBytes;
}

}  // namespace

const char* disk_damage_name(DiskDamage::Kind kind) noexcept {
  switch (kind) {
    case DiskDamage::Kind::kRot: return "rot";
    case DiskDamage::Kind::kOverwritten: return "overwritten";
    case DiskDamage::Kind::kUnwritten: return "unwritten";
    case DiskDamage::Kind::kLostBySync: return "lost by a failed sync";
  }
  return "?";
}

void DiskFolder::fail_syncs(bool on) {
  nest(failing_syncs_, on);
}

void DiskFolder::stall(bool on) {
  nest(stalls_, on);
}

void DiskFolder::hold(OperationId id) {
  DKV_ASSERT(stalled() && in_progress(id));
  held_.push_back(id);
}

std::vector<DiskFolder::OperationId> DiskFolder::take_held() {
  DKV_ASSERT(!stalled());
  return std::exchange(held_, {});
}

void DiskFolder::read_errors(std::uint32_t rate_ppm, Stream random) {
  DKV_ASSERT(rate_ppm <= 1'000'000);
  read_error_ppm_ = rate_ppm;
  read_error_stream_ = random;
}

void DiskFolder::set_free_bytes(std::optional<std::uint64_t> free_bytes) {
  free_bytes_ = free_bytes;
}

std::uint64_t DiskFolder::durable_sectors() const {
  std::uint64_t sum = 0;
  for (const File& file : files_) sum += sectors_of(file.durable_bytes());
  return sum;
}

DiskFolder::Place DiskFolder::durable_byte(std::uint64_t index) {
  for (File& file : files_) {
    const std::uint64_t durable = file.durable_bytes();
    if (index < durable) return {&file, {index, durable - index}};
    index -= durable;
  }
  DKV_ASSERT(!"the index is below the sum");
  return {};
}

DiskFolder::Place DiskFolder::durable_sector(std::uint64_t index) {
  for (File& file : files_) {
    const std::uint64_t durable = file.durable_bytes();
    const std::uint64_t offset = index * kSectorBytes;
    if (index < sectors_of(durable)) return {&file, {offset, std::min(kSectorBytes, durable - offset)}};
    index -= sectors_of(durable);
  }
  DKV_ASSERT(!"the index is below the sum");
  return {};
}

std::optional<DiskDamage> DiskFolder::rot(Stream random) {
  std::uint64_t durable = 0;
  for (const File& file : files_) durable += file.durable_bytes();
  if (durable == 0) return std::nullopt;
  const Place place = durable_byte(random.below(durable));
  const std::uint64_t drawn = 1 + random.below(kRotBytesMax);
  const std::uint64_t span = std::min(drawn, place.range.bytes);
  const std::uint64_t flips = 1 + random.below(kRotBitsMax);
  // A mask, so that a bit that is drawn twice is not flipped back.
  std::array<unsigned char, kRotBytesMax> mask{};
  for (std::uint64_t i = 0; i < flips; ++i) {
    const std::uint64_t bit = random.below(span * 8);
    mask[bit / 8] = static_cast<unsigned char>(mask[bit / 8] | 1u << bit % 8);
  }
  std::uint64_t first = 0;
  std::uint64_t end = span;
  while (mask[first] == 0) ++first;
  while (mask[end - 1] == 0) --end;
  const DiskRange range{place.range.offset + first, end - first};
  std::string bytes(place.file->bytes.read(range.offset, range.bytes).view());
  for (std::uint64_t i = 0; i < range.bytes; ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ mask[first + i]);
  place.file->bytes.overwrite(range.offset, bytes);
  const DiskDamage damage{place.file->name, range.offset, range.bytes, DiskDamage::Kind::kRot};
  record(damage);
  return damage;
}

std::optional<DiskFolder::Misdirected> DiskFolder::misdirect(Stream random) {
  const std::uint64_t sectors = durable_sectors();
  if (sectors < 2) return std::nullopt;
  const std::uint64_t meant = random.below(sectors);
  const std::uint64_t other = random.below(sectors - 1);
  const Place source = durable_sector(meant);
  const Place target = durable_sector(other < meant ? other : other + 1);
  const Blob bytes = source.file->bytes.read(source.range.offset, source.range.bytes);
  const std::uint64_t hit = std::min(bytes.size(), target.range.bytes);
  target.file->bytes.overwrite(target.range.offset, bytes.view().substr(0, hit));
  source.file->bytes.zero({&source.range, 1});
  const Misdirected done{
      {source.file->name, source.range.offset, source.range.bytes, DiskDamage::Kind::kUnwritten},
      {target.file->name, target.range.offset, hit, DiskDamage::Kind::kOverwritten},
  };
  record(done.unwritten);
  record(done.overwritten);
  return done;
}

void DiskFolder::record(const DiskDamage& damage) {
  if (damage.kind == DiskDamage::Kind::kLostBySync && !damages_.empty()) {
    // Consecutive failed syncs make one entry.
    DiskDamage& last = damages_.back();
    if (last.kind == damage.kind && last.file == damage.file && last.offset + last.bytes == damage.offset) {
      last.bytes += damage.bytes;
      return;
    }
  }
  damages_.push_back(damage);
}

bool DiskFolder::ever_damaged() const noexcept {
  return std::ranges::any_of(damages_, [](const DiskDamage& d) { return d.kind != DiskDamage::Kind::kLostBySync; });
}

}  // namespace dkv::sim
