#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/disk/disk.h"
#include "sim/disk/image.h"

namespace dkv::sim {

// 0 for null.
std::uint64_t digest_of(const ObjectPtr& object);
bool same_name(const Record& a, const Record& b);
// What the image holds under the record's name; null when that is nothing.
ObjectPtr state_of(const Image& image, const Record& name);

// What has become of a record that was on its way to the disk when its node stopped.
enum class Remains : std::uint8_t {
  kNothing,
  kWhole,
  kParts,  // the versions whose values are whole; they join what stood before, and claim to have seen nothing else
};

// Of each pending record, in the order of the log. shown: what the store holds under its name after the next start; an
// identity always counts as whole. Bytes of several records may be lost in any pattern, so that parts of one may stand
// on what was durable or on any pending record before it.
std::vector<Remains> remains_of(std::span<const Record> pending, std::span<const ObjectPtr> shown,
                                const Image& durable);

// What a power loss has left of records that were acknowledged before they were synced.
struct FallenBack {
  struct Name {
    Record now;             // what the store holds under it
    bool in_parts = false;  // versions of torn records, without their clocks
  };
  // Those that show no longer what was acknowledged, nor a record that was on its way behind it: but what was synced,
  // or what unsynced records have left on that. A name that shows anything else is none of them.
  std::vector<Name> names;
  std::uint64_t records_lost = 0;
};
// records: the unsynced ones, of which the first so many were acknowledged, in the order of the log; shown: as with
// remains_of(). synced: the image before them, durable: the one after those that were acknowledged.
FallenBack fall_back(std::span<const Record> records, std::size_t acknowledged, std::span<const ObjectPtr> shown,
                     const Image& synced, const Image& durable);

// Damage was found: under the name the disk holds `is`, which may be null. A pending record of that name does not
// repeat the values that are on the disk already: it loses the versions that the damage took, and with them its claim
// to have seen more than it holds, as it would at a start.
void take_over(Disk& disk, const Record& name, const ObjectPtr& is);

}  // namespace dkv::sim
