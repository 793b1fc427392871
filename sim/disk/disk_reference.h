#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "engine/storage/entry.h"
#include "engine/storage/record.h"
#include "engine/storage/state.h"
#include "sim/disk/disk_folder.h"

namespace dkv::sim {

// What a folder says of its names by the plainest reading there is: wherever a whole record stands it counts, whatever
// is around it. A start may find more than this (in snapshots, or of records that are not whole), never less.
class DiskReference {
 public:
  explicit DiskReference(const DiskFolder& folder);

  // Of the name's last whole record; null where that is none, an erasure, or one with values in other records.
  ObjectPtr last(const record::Name& name) const;

 private:
  void read(const record::Head& head, const RecordPlace& place, std::string_view segment);
  // Their dictionaries, too.
  bool all_values_whole(const StoredState& state, const Key& key, std::string_view segment) const;

  std::set<std::uint32_t> dictionaries_;
  std::map<record::Name, ObjectPtr> last_;
};

}  // namespace dkv::sim
