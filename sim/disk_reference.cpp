#include "sim/disk_reference.h"

#include <algorithm>

#include "engine/protocol/wire_format.h"
#include "engine/storage/state.h"

namespace dkv::sim {
namespace {

bool all_values_whole(const StoredState& state, const Key& key, std::string_view segment) {
  return std::ranges::all_of(state.versions, [&](const StoredState::Version& version) {
    if (!version.has_value()) return true;
    if (!version.here) return false;
    const std::string_view value = segment.substr(version.place.offset, version.place.bytes_on_disk());
    return wire::load<std::uint32_t>(value.data()) ==
           record::value_checksum(key, version.sibling.dot.counter, value.substr(4));
  });
}

}  // namespace

DiskReference::DiskReference(const DiskFolder& folder) {
  for (const DiskDone::File& file : folder.files()) {
    if (file.name.kind != FileKind::kSegment) continue;
    if (const auto bytes = folder.peek(file.name, 0, file.bytes)) {
      read(static_cast<std::uint32_t>(file.name.number), bytes->view());
    }
  }
}

void DiskReference::read(std::uint32_t segment, std::string_view bytes) {
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
    if (head.name.space == KeySpace::kIdentity) continue;
    ObjectPtr& last = last_[head.name];
    last = {};
    if (head.marks.erased) continue;
    const auto state = read_disk_state(head.state, segment, offset + head.head_bytes);
    if (state && all_values_whole(*state, head.name.key, bytes)) last = state->object();
  }
}

ObjectPtr DiskReference::last(const record::Name& name) const {
  const auto found = last_.find(name);
  return found == last_.end() ? ObjectPtr() : found->second;
}

}  // namespace dkv::sim
