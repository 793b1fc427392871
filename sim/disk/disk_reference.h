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

// A second, simple reader of a folder: every whole record counts, whatever bytes surround it. A start may find more
// than this reader (in snapshots, or in records that are damaged in part), but never less.
class DiskReference {
 public:
  explicit DiskReference(const DiskFolder& folder);

  // The object of the name's last whole record. Null when there is none, when it is an erasure, or when some of its
  // values are in other records.
  ObjectPtr last(const record::Name& name) const;

 private:
  void read(const record::Head& head, const RecordPlace& place, std::string_view segment);
  // True when all values of the state, and the dictionaries that they need, are undamaged.
  bool all_values_whole(const StoredState& state, const Key& key, std::string_view segment) const;

  std::set<std::uint32_t> dictionaries_;
  std::map<record::Name, ObjectPtr> last_;
};

}  // namespace dkv::sim
