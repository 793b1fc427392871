#include "sim/disk/disk_reference.h"

#include <algorithm>
#include <utility>

#include "engine/protocol/wire_format.h"

namespace dkv::sim {
namespace {

template <typename Use>
void each_record_of(std::uint32_t segment, std::string_view bytes, Use& use) {
  for (std::size_t at = record::find_head(bytes, 0); at < bytes.size(); at = record::find_head(bytes, at)) {
    record::Head head;
    std::size_t needed = 0;
    const auto offset = static_cast<std::uint32_t>(at);
    const auto parsed = record::parse_head(bytes.substr(at), segment, offset, head, needed);
    if (parsed != record::Parsed::kOk || at + head.bytes() > bytes.size()) {
      ++at;
      continue;
    }
    at += head.bytes();
    use(std::as_const(head), RecordPlace{segment, offset, head.head_bytes}, bytes);
  }
}

// Calls use(head, place of its record, the segment's bytes) for each whole record.
template <typename Use>
void each_record(const DiskFolder& folder, Use&& use) {
  for (const DiskDone::File& file : folder.files()) {
    if (file.name.kind != FileKind::kSegment) continue;
    const auto bytes = folder.peek(file.name, 0, file.bytes);
    if (bytes) each_record_of(static_cast<std::uint32_t>(file.name.number), bytes->view(), use);
  }
}

}  // namespace

DiskReference::DiskReference(const DiskFolder& folder) {
  // Dictionaries are read first: merges move them, so they may come after the values that need them.
  each_record(folder, [&](const record::Head& head, const RecordPlace&, std::string_view) {
    if (head.name.space == KeySpace::kDictionaries) dictionaries_.insert(head.name.owner);
  });
  each_record(folder, [&](const record::Head& head, const RecordPlace& place, std::string_view bytes) {
    if (!record::is_keyless(head.name.space)) read(head, place, bytes);
  });
}

void DiskReference::read(const record::Head& head, const RecordPlace& place, std::string_view segment) {
  ObjectPtr& last = last_[head.name];
  last = {};
  if (head.marks.erased) return;
  const auto state = read_disk_state(head.state, place.segment, place.body_offset());
  if (state && all_values_whole(*state, head.name.key, segment)) last = state->object();
}

bool DiskReference::all_values_whole(const StoredState& state, const Key& key, std::string_view segment) const {
  return std::ranges::all_of(state.versions, [&](const StoredState::Version& version) {
    if (!version.has_value()) return true;
    if (!version.here) return false;
    const std::string_view value = segment.substr(version.place.offset, version.place.bytes_on_disk());
    if (wire::load<std::uint32_t>(value.data()) !=
        record::value_checksum(key, version.sibling.dot.counter, value.substr(4))) {
      return false;
    }
    if (version.place.codec != ValueCodec::kZstdDictionary) return true;
    return value.size() >= 8 && dictionaries_.contains(wire::load<std::uint32_t>(value.data() + 4));
  });
}

ObjectPtr DiskReference::last(const record::Name& name) const {
  const auto found = last_.find(name);
  return found == last_.end() ? ObjectPtr() : found->second;
}

}  // namespace dkv::sim
