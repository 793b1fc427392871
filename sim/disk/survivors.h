#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/disk/image.h"
#include "sim/disk/record_ledger.h"

namespace dkv::sim {

// The digest of an object; 0 for null.
std::uint64_t digest_of(const ObjectPtr& object);
bool same_name(const Record& a, const Record& b);
// The object under the record's name in the image; null when the name is absent.
ObjectPtr state_of(const Image& image, const Record& name);

// The fate of a record that was not durable yet when its node stopped.
enum class Remains : std::uint8_t {
  kNothing,
  kWhole,
  kParts,  // only its versions with whole values survived; they join the older state, without the record's clock
};

// The fate of each pending record, in the order of the log. shown: the objects that the store holds under their names
// after the next start. An identity always counts as whole. Bytes of several records may be lost in any pattern. So
// parts of one record may join the durable state, or any earlier pending record.
std::vector<Remains> remains_of(std::span<const Record> pending, std::span<const ObjectPtr> shown,
                                const Image& durable);

// The effect of a power loss on records that were acknowledged before they were synced.
struct FallenBack {
  struct Name {
    Record now;             // the present state of the name in the store
    bool in_parts = false;  // it holds versions of torn records, without their clocks
  };
  // Names that show neither the acknowledged state nor a later pending record. They show the synced state, or that
  // state with remains of unsynced records. A name in any other state is not listed.
  std::vector<Name> names;
  std::uint64_t records_lost = 0;
};
// records: the unsynced ones in the order of the log; the first `acknowledged` of them were acknowledged. shown: as
// for remains_of(). synced: the image before them. durable: the image after the acknowledged ones.
FallenBack fall_back(std::span<const Record> records, std::size_t acknowledged, std::span<const ObjectPtr> shown,
                     const Image& synced, const Image& durable);

// Applies damage: the disk holds `is` (or null) under the name. A pending record of the name does not repeat values
// that are already on the disk. So it loses the versions that the damage took, and its clock shrinks to the versions
// that it holds, as after a start.
void take_over(RecordLedger& records, const Record& name, const ObjectPtr& is);

}  // namespace dkv::sim
